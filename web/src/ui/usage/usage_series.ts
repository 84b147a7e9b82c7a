// What the plot and the table show of a report: numbers by day and model, with the days on which nothing was used.
import type { UsageReport } from '../../api/types';

export type UsageRow = UsageReport['data'][number];
export type Measure = 'tokens' | 'cost';

export interface Series {
    /** Null: all models that have no series of their own. */
    model: string | null;
    values: number[]; // one for each day
    total: number;
}

export interface UsageSeries {
    days: string[];
    /** The most used first. */
    series: Series[];
}

/** As many colours as can be told apart. */
export const mostSeries = 8;

export function measureOf(
    row: Pick<UsageRow, 'input_tokens' | 'output_tokens' | 'cost'>,
    measure: Measure,
): number {
    return measure === 'cost' ? row.cost : row.input_tokens + row.output_tokens;
}

export function seriesOf(report: UsageReport, measure: Measure): UsageSeries {
    const days = daysBetween(report.from, report.to);
    const places = new Map(days.map((day, place) => [day, place]));
    const byModel = new Map<string, number[]>();
    for (const row of report.data) {
        const place = places.get(row.day);
        if (place === undefined) continue;
        const values = byModel.get(row.model_name) ?? days.map(() => 0);
        values[place] = (values[place] ?? 0) + measureOf(row, measure);
        byModel.set(row.model_name, values);
    }
    const all = [...byModel]
        .map(([model, values]): Series => ({ model, values, total: sum(values) }))
        .sort((one, other) => other.total - one.total);
    return { days, series: all.length > mostSeries ? withOthers(all) : all };
}

function withOthers(all: Series[]): Series[] {
    const others = all.slice(mostSeries - 1);
    const values = (others[0]?.values ?? []).map((_, place) =>
        sum(others.map((series) => series.values[place] ?? 0)),
    );
    return [...all.slice(0, mostSeries - 1), { model: null, values, total: sum(values) }];
}

/** Each series on top of those before it, as stacked bars are drawn. */
export function stacked(series: Series[]): number[][] {
    let below: number[] = [];
    return series.map(({ values }) => (below = values.map((value, place) => value + (below[place] ?? 0))));
}

function sum(values: number[]): number {
    return values.reduce((total, value) => total + value, 0);
}

export const millisecondsOfDay = 86_400_000;

export function dayOf(time: number): string {
    return new Date(time).toISOString().slice(0, 10);
}

/** The first instant of a day of UTC, in milliseconds; NaN where the text is no day. */
export function timeOf(day: string): number {
    return /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : NaN;
}

export function daysBetween(from: string, to: string): string[] {
    const days: string[] = [];
    for (let time = timeOf(from); time <= timeOf(to); time += millisecondsOfDay) days.push(dayOf(time));
    return days;
}

/** The last `count` days of UTC, today among them. */
export function lastDays(count: number, now: number): { from: string; to: string } {
    return { from: dayOf(now - (count - 1) * millisecondsOfDay), to: dayOf(now) };
}
