import type { UsageReport } from '../../api/types';
import { formatDate, formatMoney, formatNumber, t } from '../../i18n';
import { timeOf, type UsageRow } from './usage_series';

/** The numbers of the plot and more of them, in words. */
export function UsageTable({ report }: { report: UsageReport }) {
    const { currency, total } = report;
    const newestFirst = [...report.data].reverse();
    return (
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- who has no pointer scrolls it by keys
        <div class="table-scroll" role="region" aria-label={t('usage.table')} tabIndex={0}>
            <table class="table usage-table">
                <caption class="visually-hidden">{t('usage.table')}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t('usage.day')}</th>
                        <th scope="col">{t('usage.model')}</th>
                        <th scope="col" class="number">
                            {t('usage.generations')}
                        </th>
                        <th scope="col" class="number">
                            {t('usage.input_tokens')}
                        </th>
                        <th scope="col" class="number">
                            {t('usage.cached_tokens')}
                        </th>
                        <th scope="col" class="number">
                            {t('usage.output_tokens')}
                        </th>
                        <th scope="col" class="number">
                            {t('usage.cost')}
                        </th>
                    </tr>
                </thead>
                <tbody>
                    {newestFirst.map((row) => (
                        <tr key={`${row.day} ${row.model_name}`}>
                            <th scope="row">
                                {formatDate(timeOf(row.day), { dateStyle: 'medium', timeZone: 'UTC' })}
                            </th>
                            <td>
                                <bdi>{row.model_name}</bdi>
                            </td>
                            <Numbers of={row} currency={currency} />
                        </tr>
                    ))}
                </tbody>
                <tfoot>
                    <tr>
                        <th scope="row">{t('usage.total')}</th>
                        <td />
                        <Numbers of={total} currency={currency} />
                    </tr>
                </tfoot>
            </table>
        </div>
    );
}

function Numbers({ of, currency }: { of: Omit<UsageRow, 'day' | 'model_name'>; currency: string }) {
    const mark = of.estimated > 0 && (
        <abbr title={t('usage.estimated', { count: of.estimated })}>
            <span aria-hidden="true">≈</span>
            <span class="visually-hidden">{t('usage.estimated', { count: of.estimated })}</span>{' '}
        </abbr>
    );
    return (
        <>
            <td class="number">{formatNumber(of.generations)}</td>
            <td class="number">
                {mark}
                {formatNumber(of.input_tokens)}
            </td>
            <td class="number">{formatNumber(of.cached_tokens)}</td>
            <td class="number">{formatNumber(of.output_tokens)}</td>
            <td class="number">{formatMoney(of.cost, currency)}</td>
        </>
    );
}
