import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { chooseLocale, chosenLocale, failureText, keep, locale, startLocale, t } from '../../src/i18n';
import { de } from '../../src/i18n/de';
import { en, type MessageKey } from '../../src/i18n/en';
import type { Entry } from '../../src/i18n/entry';
import { directionOf } from '../../src/i18n/languages';

function browserSpeaks(...tags: string[]): void {
    vi.spyOn(navigator, 'languages', 'get').mockReturnValue(tags);
}

beforeEach(() => localStorage.clear());

afterEach(async () => {
    vi.restoreAllMocks();
    localStorage.clear();
    await startLocale();
});

describe('the page’s language', () => {
    it('is the first of the browser’s that there is', async () => {
        browserSpeaks('fr-FR', 'de-AT', 'en');
        await startLocale();
        expect(locale.value).toBe('de');
        expect(document.documentElement.lang).toBe('de');
        expect(t('dialog.cancel')).toBe('Abbrechen');
    });

    it('is English where there is none of them', async () => {
        browserSpeaks('fr');
        await startLocale();
        expect(locale.value).toBe('en');
    });

    it('is what the person chose, now and next time', async () => {
        browserSpeaks('en');
        await startLocale();
        await chooseLocale('de');
        expect(t('dialog.cancel')).toBe('Abbrechen');
        await startLocale();
        expect([locale.value, chosenLocale.value]).toEqual(['de', 'de']);
        await chooseLocale(null);
        expect([locale.value, chosenLocale.value]).toEqual(['en', null]);
    });

    it('is not one that was chosen and does not exist any more', async () => {
        browserSpeaks('en');
        keep('locale', 'tlh');
        await startLocale();
        expect([locale.value, chosenLocale.value]).toEqual(['en', null]);
    });

    it('sets the direction, which can be forced', async () => {
        await startLocale();
        expect(document.documentElement.dir).toBe('ltr');
        keep('dir', 'rtl');
        await startLocale();
        expect(document.documentElement.dir).toBe('rtl');
        expect(['ar', 'he-IL', 'FA', 'de'].map(directionOf)).toEqual(['rtl', 'rtl', 'rtl', 'ltr']);
    });
});

describe('a message', () => {
    it('has its values in it, numbers as the language writes them', async () => {
        browserSpeaks('en');
        await startLocale();
        expect(t('settings.error_range', { least: 0, most: 131_072 })).toContain('0 to 131,072');
        await chooseLocale('de');
        expect(t('settings.error_range', { least: 0, most: 131_072 })).toContain('0 bis 131.072');
    });

    it('is chosen by its count', async () => {
        browserSpeaks('en');
        await startLocale();
        expect(t('settings.running', { count: 1 })).toBe('1 reply under way');
        expect(t('settings.running', { count: 0 })).toBe('0 replies under way');
    });

    it('is not made of what a value says', () => {
        expect(t('keys.copy')).toBe('Copy the key');
        expect(t('users.keys_of', { name: '{name} {{content}} $&' })).toBe('Keys of {name} {{content}} $&');
        expect(t('settings.error_template')).toContain('{{content}}');
    });
});

describe('a failure', () => {
    it('is told in the page’s words where it has some, or else in the server’s', () => {
        expect(failureText({ code: 'insufficient_scope', detail: 'No.' })).toBe('Your key may not do this.');
        expect(failureText({ code: 'never_heard_of', detail: 'In its words.' })).toBe('In its words.');
        const detail =
            "The prompt takes 1200 tokens; the model's window of 64 leaves 48 for it beside the reply.";
        expect(failureText({ code: 'context_length_exceeded', detail })).toContain(
            '1,200 tokens, of which 48',
        );
        expect(failureText({ code: 'toString', detail: 'In its words.' })).toBe('In its words.');
    });
});

describe('the message files', () => {
    const keys = Object.keys(en) as MessageKey[];
    const textsOf = (entry: Entry) => (typeof entry === 'string' ? [entry] : Object.values(entry));
    const placeholders = (entry: Entry) =>
        [...new Set(textsOf(entry).flatMap((text) => text.match(/(?<!\{)\{\w+\}(?!\})/g) ?? []))]
            .sort()
            .join();

    it('have the same keys', () => {
        expect(Object.keys(de).sort()).toEqual([...keys].sort());
    });

    it('have the same values to fill in, and no empty text', () => {
        const wrong = keys.filter((key) => {
            const texts = [...textsOf(en[key]), ...textsOf(de[key])];
            return (
                placeholders(en[key]) !== placeholders(de[key]) || texts.some((text) => text.trim() === '')
            );
        });
        expect(wrong).toEqual([]);
    });

    it('have the plurals that their languages need', () => {
        const plurals = keys
            .flatMap((key): Entry[] => [en[key], de[key]])
            .filter((entry) => typeof entry !== 'string');
        for (const plural of plurals) expect(Object.keys(plural).sort()).toEqual(['one', 'other']);
    });
});
