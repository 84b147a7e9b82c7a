import { useSignal } from '@preact/signals';
import { useCallback, useMemo } from 'preact/hooks';

import type { UsageReport } from '../../api/types';
import { failureText, formatMoney, formatNumber, t } from '../../i18n';
import { isFailure, type AppState, type Failure } from '../../state/contract';
import { FormFailure, SegmentField } from '../dialogs/fields';
import { Page } from '../dialogs/page';
import { useWhenReady } from '../dialogs/use_when_ready';
import { RangeFields } from './range_fields';
import { UsageChart } from './usage_chart';
import { lastDays, seriesOf, type Measure } from './usage_series';
import { UsageTable } from './usage_table';

/** What was used and what it cost, by day and model. */
export function UsagePage({ state }: { state: AppState }) {
    const range = useSignal(lastDays(30, Date.now()));
    const measure = useSignal<Measure>('tokens');
    const report = useSignal<UsageReport | null>(null);
    const failure = useSignal<Failure | null>(null);
    const { from, to } = range.value;
    const administration = state.administration;

    const load = useCallback(async () => {
        const answer = await administration.usage(from, to);
        if (range.peek().from !== from || range.peek().to !== to) return; // another one was chosen meanwhile
        failure.value = isFailure(answer) ? answer : null;
        if (!isFailure(answer)) report.value = answer;
    }, [administration, from, to, range, failure, report]);
    useWhenReady(state.session, load);

    const found = report.value;
    return (
        <Page title={t('usage.title')}>
            <div class="usage-controls">
                <RangeFields range={range.value} onRange={(wanted) => (range.value = wanted)} />
                <SegmentField
                    label={t('usage.measure')}
                    value={measure.value}
                    onValue={(wanted) => (measure.value = wanted)}
                    choices={[
                        { value: 'tokens', label: t('usage.tokens') },
                        { value: 'cost', label: t('usage.cost') },
                    ]}
                />
            </div>
            <FormFailure text={failure.value && failureText(failure.value)} />
            {found === null && failure.value === null && <p role="status">{t('usage.loading')}</p>}
            {found && <Report report={found} measure={measure.value} />}
        </Page>
    );
}

function Report({ report, measure }: { report: UsageReport; measure: Measure }) {
    const data = useMemo(() => seriesOf(report, measure), [report, measure]);
    if (report.data.length === 0) return <p role="status">{t('usage.nothing')}</p>;
    return (
        <>
            <Totals report={report} />
            <UsageChart data={data} measure={measure} currency={report.currency} />
            <UsageTable report={report} />
            <p class="muted">{t('usage.note')}</p>
            {report.total.estimated > 0 && (
                <p class="muted">
                    <span aria-hidden="true">≈ </span>
                    {t('usage.estimated_note')}
                </p>
            )}
        </>
    );
}

function Totals({ report: { total, currency } }: { report: UsageReport }) {
    const approximately = total.estimated > 0 ? '≈ ' : '';
    const figures = [
        [t('usage.cost'), approximately + formatMoney(total.cost, currency)],
        [t('usage.tokens'), approximately + formatNumber(total.input_tokens + total.output_tokens)],
        [t('usage.generations'), formatNumber(total.generations)],
    ] as const;
    return (
        <dl class="totals">
            {figures.map(([name, value]) => (
                <div key={name}>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                </div>
            ))}
        </dl>
    );
}
