import { describe, expect, it } from 'vitest';

import type { UsageReport } from '../../src/api/types';
import { rangeErrorOf } from '../../src/ui/usage/range_fields';
import { daysBetween, lastDays, mostSeries, seriesOf, stacked } from '../../src/ui/usage/usage_series';
import { UsageTable } from '../../src/ui/usage/usage_table';
import { show, text } from './shown';

function row(day: string, model_name: string, input_tokens: number, cost = 0): UsageReport['data'][number] {
    return {
        day,
        model_name,
        generations: 1,
        input_tokens,
        cached_tokens: 0,
        output_tokens: 1,
        estimated: 0,
        cost,
    };
}

function report(data: UsageReport['data']): UsageReport {
    const sum = (of: (row: UsageReport['data'][number]) => number) =>
        data.reduce((all, one) => all + of(one), 0);
    return {
        from: '2026-02-27',
        to: '2026-03-02',
        currency: 'EUR',
        data,
        total: {
            generations: data.length,
            input_tokens: sum((one) => one.input_tokens),
            cached_tokens: 0,
            output_tokens: data.length,
            estimated: sum((one) => one.estimated),
            cost: sum((one) => one.cost),
        },
    };
}

describe('the series of a report', () => {
    const data = [
        row('2026-02-27', 'small', 9, 0.5),
        row('2026-02-27', 'large', 99, 0.1),
        row('2026-03-01', 'small', 4),
    ];

    it('have a value for each day, also for those without use, the most used model first', () => {
        expect(seriesOf(report(data), 'tokens')).toEqual({
            days: ['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02'],
            series: [
                { model: 'large', values: [100, 0, 0, 0], total: 100 },
                { model: 'small', values: [10, 0, 5, 0], total: 15 },
            ],
        });
        expect(seriesOf(report(data), 'cost').series[0]).toMatchObject({ model: 'small', total: 0.5 });
    });

    it('stand on each other', () => {
        expect(stacked(seriesOf(report(data), 'tokens').series)).toEqual([
            [100, 0, 0, 0],
            [110, 0, 5, 0],
        ]);
    });

    it('put the rest together when there are more models than colours, and lose nothing', () => {
        const many = Array.from({ length: 12 }, (_, index) => row('2026-03-01', `model-${index}`, index + 1));
        const { series } = seriesOf(report(many), 'tokens');
        expect(series).toHaveLength(mostSeries);
        expect(series.at(-1)?.model).toBeNull();
        expect(series.reduce((all, one) => all + one.total, 0)).toBe(12 + (12 * 13) / 2);
    });
});

describe('a range of days', () => {
    it('is of UTC and has today in it', () => {
        const late = Date.parse('2026-03-01T23:59:00Z');
        expect(lastDays(7, late)).toEqual({ from: '2026-02-23', to: '2026-03-01' });
        expect(daysBetween('2024-02-28', '2024-03-01')).toEqual(['2024-02-28', '2024-02-29', '2024-03-01']);
    });

    it('is at most 366 days long, and in order', () => {
        expect(rangeErrorOf({ from: '2026-01-01', to: '2026-01-01' })).toBeNull();
        expect(rangeErrorOf({ from: '2025-01-01', to: '2026-01-01' })).toBeNull();
        expect(rangeErrorOf({ from: '2025-01-01', to: '2026-01-02' })).toContain('366');
        expect(rangeErrorOf({ from: '2026-01-02', to: '2026-01-01' })).toContain('before');
        expect(rangeErrorOf({ from: '', to: '2026-01-01' })).not.toBeNull();
    });
});

describe('the table of usage', () => {
    it('tells every number, the totals, and what is estimated', async () => {
        const guessed = { ...row('2026-03-01', 'small', 12_345, 0.0042), estimated: 1 };
        await show(<UsageTable report={report([row('2026-02-27', 'large', 9, 1.5), guessed])} />);
        const rows = [...document.querySelectorAll('tbody tr')].map((one) => one.textContent);
        expect(rows[0]).toContain('Mar 1, 2026');
        expect(rows[0]).toContain('12,345');
        expect(rows[0]).toContain('€0.0042');
        expect(rows[0]).toContain('1 of the replies is estimated');
        expect(rows[1]).not.toContain('estimated');
        expect(document.querySelector('tfoot')?.textContent).toContain('12,354');
        expect(text()).toContain('€1.50');
    });
});
