// Dates, numbers and amounts as the language writes them. Making a formatter is slow, so each is made once.
import { formatLocale } from './locale';

const made = new Map<string, unknown>();

function formatter<Options extends object, Made>(
    Kind: new (locale: string, options: Options) => Made,
    options: Options,
): Made {
    const name = `${Kind.name} ${formatLocale.value} ${JSON.stringify(options)}`;
    const before = made.get(name) as Made | undefined;
    if (before !== undefined) return before;
    const now = new Kind(formatLocale.value, options);
    made.set(name, now);
    return now;
}

export function formatNumber(value: number, options: Intl.NumberFormatOptions = {}): string {
    return formatter(Intl.NumberFormat, options).format(value);
}

/** 12,345 → 12K, where there is little room. */
export function formatCompact(value: number): string {
    return formatNumber(value, { notation: 'compact', maximumFractionDigits: 1 });
}

export function formatPercent(share: number): string {
    return formatNumber(share, { style: 'percent', maximumFractionDigits: 0 });
}

/** An amount; small ones keep the digits that matter, since a reply costs fractions of a cent. */
export function formatMoney(value: number, currency: string): string {
    const digits = value !== 0 && Math.abs(value) < 0.1 ? { maximumSignificantDigits: 3 } : {};
    try {
        return formatNumber(value, { style: 'currency', currency, ...digits });
    } catch {
        return `${formatNumber(value, digits)} ${currency}`; // not a currency's code
    }
}

type Instant = Date | string | number;

function dateOf(instant: Instant): Date {
    return instant instanceof Date ? instant : new Date(instant);
}

export function formatDate(
    instant: Instant,
    options: Intl.DateTimeFormatOptions = { dateStyle: 'medium' },
): string {
    return formatter(Intl.DateTimeFormat, options).format(dateOf(instant));
}

export function formatTime(instant: Instant): string {
    return formatDate(instant, { timeStyle: 'short' });
}

export function formatDateTime(instant: Instant): string {
    return formatDate(instant, { dateStyle: 'medium', timeStyle: 'short' });
}

const spans: [Intl.RelativeTimeFormatUnit, number][] = [
    ['year', 31_557_600],
    ['month', 2_629_800],
    ['week', 604_800],
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
];

/** "3 hours ago", "in 2 days". */
export function formatRelative(instant: Instant, now: Instant = Date.now()): string {
    const seconds = (dateOf(instant).getTime() - dateOf(now).getTime()) / 1000;
    const relative = formatter(Intl.RelativeTimeFormat, { numeric: 'auto' as const });
    const [unit, length] = spans.find(([, span]) => Math.abs(seconds) >= span) ?? ['second', 1];
    return relative.format(Math.trunc(seconds / length), unit);
}

/** Whole days of the calendar, as people speak of them: 0 "today", -1 "yesterday". */
export function formatDayDistance(days: number): string {
    return formatter(Intl.RelativeTimeFormat, { numeric: 'auto' as const }).format(days, 'day');
}

export function formatList(items: string[]): string {
    return formatter(Intl.ListFormat, { type: 'conjunction' as const }).format(items);
}

export function pluralRule(count: number): Intl.LDMLPluralRule {
    return formatter(Intl.PluralRules, {}).select(count);
}
