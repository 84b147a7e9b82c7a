// The languages of the page. A new one is a message file like de.ts and a line here.
import { en, type Messages } from './en';

interface Language {
    name: string; // in the language itself
    load: () => Messages | Promise<Messages>;
}

export const languages = {
    en: { name: 'English', load: () => en },
    de: { name: 'Deutsch', load: async () => (await import('./de')).de },
} satisfies Record<string, Language>;

export type Locale = keyof typeof languages;

export const locales = Object.keys(languages) as Locale[];

export function isLocale(tag: string | null): tag is Locale {
    return tag !== null && Object.hasOwn(languages, tag);
}

const rightToLeft = new Set(['ar', 'ckb', 'dv', 'fa', 'he', 'ps', 'sd', 'ug', 'ur', 'yi']);

export function directionOf(tag: string): 'ltr' | 'rtl' {
    return rightToLeft.has(languageOf(tag)) ? 'rtl' : 'ltr';
}

/** `de` of `de-AT`. */
export function languageOf(tag: string): string {
    return tag.split('-', 1)[0]?.toLowerCase() ?? '';
}
