import { useSignal } from '@preact/signals';

import { t } from '../../i18n';
import { SegmentField, TextField } from '../dialogs/fields';
import { dayOf, lastDays, millisecondsOfDay, timeOf } from './usage_series';

export interface DayRange {
    from: string;
    to: string;
}

type Span = '7' | '30' | '90' | 'own';

const mostDays = 366;

/** Which days: the last ones, or from one to another. */
export function RangeFields({ range, onRange }: { range: DayRange; onRange: (range: DayRange) => void }) {
    const span = useSignal<Span>('30');
    const typed = useSignal(range);
    const error = useSignal<string | null>(null);

    const choose = (choice: Span) => {
        span.value = choice;
        error.value = null;
        if (choice === 'own') typed.value = range;
        else onRange(lastDays(Number(choice), Date.now()));
    };
    const type = (change: Partial<DayRange>) => {
        typed.value = { ...typed.value, ...change };
        error.value = rangeErrorOf(typed.value);
        if (error.value === null) onRange(typed.value);
    };
    return (
        <>
            <SegmentField
                label={t('usage.range')}
                value={span.value}
                onValue={choose}
                choices={[
                    { value: '7', label: t('usage.last_days', { count: 7 }) },
                    { value: '30', label: t('usage.last_days', { count: 30 }) },
                    { value: '90', label: t('usage.last_days', { count: 90 }) },
                    { value: 'own', label: t('usage.own_range') },
                ]}
            />
            {span.value === 'own' && (
                <div class="usage-range">
                    <TextField
                        label={t('usage.from')}
                        type="date"
                        max={dayOf(Date.now())}
                        value={typed.value.from}
                        onValue={(from) => type({ from })}
                    />
                    <TextField
                        label={t('usage.to')}
                        type="date"
                        error={error.value}
                        max={dayOf(Date.now())}
                        value={typed.value.to}
                        onValue={(to) => type({ to })}
                    />
                </div>
            )}
        </>
    );
}

export function rangeErrorOf({ from, to }: DayRange): string | null {
    const days = (timeOf(to) - timeOf(from)) / millisecondsOfDay + 1;
    if (Number.isNaN(days)) return t('usage.error_day');
    if (days < 1) return t('usage.error_order');
    return days > mostDays ? t('usage.error_long', { count: mostDays }) : null;
}
