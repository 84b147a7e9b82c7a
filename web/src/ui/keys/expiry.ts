// When a key is to end: after some days, or with the end of a day of the calendar.
import { t } from '../../i18n';

export interface Expiry {
    kind: 'never' | '30' | '90' | '365' | 'day';
    day: string; // yyyy-mm-dd, of kind day
}

const day = 86_400_000;

/** The last instant of a day where the person is; NaN where the text is no day. */
function endOfDay(text: string): number {
    return /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T23:59:59`).getTime() : NaN;
}

export function expiryErrorOf(expiry: Expiry, now: number): string | null {
    if (expiry.kind !== 'day') return null;
    const end = endOfDay(expiry.day);
    if (Number.isNaN(end)) return t('keys.error_day');
    return end <= now ? t('keys.error_past') : null;
}

/** As the server wants it; null: never. Only of an expiry without an error. */
export function expiryOf(expiry: Expiry, now: number): string | null {
    if (expiry.kind === 'never') return null;
    const end = expiry.kind === 'day' ? endOfDay(expiry.day) : now + Number(expiry.kind) * day;
    return new Date(end).toISOString();
}
