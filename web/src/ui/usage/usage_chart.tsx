import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

import { formatCompact, formatDate, formatMoney, formatNumber, locale, t } from '../../i18n';
import { theme } from '../settings/theme';
import type { UsagePlot } from './usage_plot';
import { stacked, timeOf, type Measure, type UsageSeries } from './usage_series';

interface UsageChartProps {
    data: UsageSeries;
    measure: Measure;
    currency: string;
}

/** The plot with its legend, which tells the numbers of the day that is pointed at. The table has them all in words. */
export function UsageChart({ data, measure, currency }: UsageChartProps) {
    const place = useRef<HTMLDivElement>(null);
    const day = useSignal<number | null>(null);
    const failed = useSignal(false);
    const amount = (value: number) =>
        measure === 'cost' ? formatMoney(value, currency) : formatNumber(value);
    usePlot(
        place,
        data,
        measure,
        currency,
        (index) => (day.value = index),
        () => (failed.value = true),
    );

    const index = day.value === null || data.days[day.value] === undefined ? null : day.value;
    const valueOf = (series: UsageSeries['series'][number]) =>
        index === null ? series.total : (series.values[index] ?? 0);
    const sums = stacked(data.series).at(-1) ?? [];
    const total = index === null ? sums.reduce((all, value) => all + value, 0) : (sums[index] ?? 0);
    return (
        <figure
            class="usage-chart"
            aria-label={t(measure === 'cost' ? 'usage.plot_cost' : 'usage.plot_tokens')}
        >
            <div ref={place} class="usage-plot" aria-hidden="true" dir="ltr" />
            {failed.value && <p class="field-error">{t('usage.plot_failed')}</p>}
            <figcaption>
                <p class="usage-day">
                    {index === null
                        ? t('usage.whole_time')
                        : formatDate(timeOf(data.days[index] ?? ''), {
                              dateStyle: 'medium',
                              timeZone: 'UTC',
                          })}
                    {': '}
                    <strong>{amount(total)}</strong>
                </p>
                <ul class="usage-legend">
                    {data.series.map((series, place) => (
                        <li key={series.model ?? ''}>
                            <span class={`swatch swatch-${place + 1}`} />
                            <bdi>{series.model ?? t('usage.other_models')}</bdi> {amount(valueOf(series))}
                        </li>
                    ))}
                </ul>
            </figcaption>
        </figure>
    );
}

function usePlot(
    place: { current: HTMLDivElement | null },
    data: UsageSeries,
    measure: Measure,
    currency: string,
    onDay: (index: number | null) => void,
    onFailure: () => void,
): void {
    const language = locale.value;
    const colours = theme.value;
    const systemDark = useSystemDark();
    useEffect(() => {
        let plot: UsagePlot | null = null;
        let gone = false;
        const amount = (value: number) =>
            measure === 'cost' ? formatMoney(value, currency) : formatCompact(value);
        import('./usage_plot').then(
            (loaded) => {
                if (gone || place.current === null) return;
                plot = new loaded.UsagePlot(place.current, { day: shortDay, amount }, onDay);
                plot.show(data);
            },
            () => onFailure(),
        );
        return () => {
            gone = true;
            plot?.close();
        };
        // The plot is drawn anew with the language and the colours, too: a canvas does not follow them.
        // eslint-disable-next-line react-hooks/exhaustive-deps -- onDay and onFailure only set signals
    }, [place, data, measure, currency, language, colours, systemDark]);
}

function shortDay(seconds: number): string {
    return formatDate(seconds * 1000, { day: 'numeric', month: 'short', timeZone: 'UTC' });
}

function useSystemDark(): boolean {
    const dark = useSignal(false);
    useEffect(() => {
        const query = matchMedia('(prefers-color-scheme: dark)');
        const changed = () => (dark.value = query.matches);
        changed();
        query.addEventListener('change', changed);
        return () => query.removeEventListener('change', changed);
    }, [dark]);
    return dark.value;
}
