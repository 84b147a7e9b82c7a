import { beforeEach, describe, expect, it, vi } from 'vitest';

import {
    chooseLocale,
    formatCompact,
    formatDate,
    formatDayDistance,
    formatList,
    formatMoney,
    formatNumber,
    formatPercent,
    formatRelative,
    startLocale,
} from '../../src/i18n';

/** Intl writes some blanks as no-break spaces. */
const plain = (text: string) => text.replace(/\s/gu, ' ');

describe('formats', () => {
    beforeEach(async () => {
        vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['en-GB', 'de']);
        await startLocale();
        await chooseLocale(null);
    });

    it('follow the region that the browser names', async () => {
        expect(formatDate('2026-01-31T09:30:00.125Z', { dateStyle: 'short', timeZone: 'UTC' })).toBe(
            '31/01/2026',
        );
        await chooseLocale('de');
        expect(formatDate('2026-01-31T09:30:00.125Z', { dateStyle: 'short', timeZone: 'UTC' })).toBe(
            '31.01.26',
        );
    });

    it('write numbers as the language does', async () => {
        expect([formatNumber(12_345.5), formatCompact(12_345), formatPercent(0.42)]).toEqual([
            '12,345.5',
            '12.3k',
            '42%',
        ]);
        await chooseLocale('de');
        expect([formatNumber(12_345.5), formatPercent(0.42)].map(plain)).toEqual(['12.345,5', '42 %']);
    });

    it('keep the digits that matter of small amounts', () => {
        expect(formatMoney(0.00012345, 'EUR')).toBe('€0.000123');
        expect(formatMoney(12.3, 'EUR')).toBe('€12.30');
        expect(formatMoney(0, 'EUR')).toBe('€0.00');
    });

    it('take a currency that is none as a word', () => {
        expect(formatMoney(12, 'credits')).toBe('12 credits');
    });

    it('tell how long ago in the largest unit', () => {
        const now = '2026-01-31T12:00:00Z';
        expect(formatRelative('2026-01-31T11:59:58Z', now)).toBe('2 seconds ago');
        expect(formatRelative('2026-01-31T09:30:00Z', now)).toBe('2 hours ago');
        expect(formatRelative('2026-02-01T12:00:00Z', now)).toBe('tomorrow');
        expect(formatDayDistance(-1)).toBe('yesterday');
    });

    it('join lists', async () => {
        expect(formatList(['a', 'b', 'c'])).toBe('a, b and c');
        await chooseLocale('de');
        expect(formatList(['a', 'b', 'c'])).toBe('a, b und c');
    });
});
