// Which language the page speaks: the one chosen here, or else the first of the browser's that there is.
import { computed, signal, type ReadonlySignal } from '@preact/signals';

import { en, type Messages } from './en';
import { keep, kept } from './kept';
import { directionOf, isLocale, languageOf, languages, type Locale } from './languages';

interface Spoken {
    locale: Locale;
    messages: Messages;
}

const spoken = signal<Spoken>({ locale: 'en', messages: en });
const chosen = signal<Locale | null>(null);

export const locale: ReadonlySignal<Locale> = computed(() => spoken.value.locale);
export const messages: ReadonlySignal<Messages> = computed(() => spoken.value.messages);
/** The person's choice; null: as the browser says. */
export const chosenLocale: ReadonlySignal<Locale | null> = chosen;

/** The tag by which dates and numbers are written: `en-GB` rather than `en` where the browser names a region. */
export const formatLocale: ReadonlySignal<string> = computed(
    () => navigator.languages.find((tag) => languageOf(tag) === locale.value) ?? locale.value,
);

/** Done when the page can be painted in its language. */
export function startLocale(): Promise<void> {
    const before = kept('locale');
    chosen.value = isLocale(before) ? before : null;
    return speak();
}

export function chooseLocale(choice: Locale | null): Promise<void> {
    chosen.value = choice;
    keep('locale', choice);
    return speak();
}

async function speak(): Promise<void> {
    const wanted = chosen.value ?? navigator.languages.map(languageOf).find(isLocale) ?? 'en';
    try {
        const found = await languages[wanted].load();
        if ((chosen.value ?? wanted) === wanted) spoken.value = { locale: wanted, messages: found };
    } catch {
        // Its file could not be loaded: the page goes on in the language that it has.
    }
    const forced = kept('dir'); // for trying out a layout without its language
    document.documentElement.lang = locale.value;
    document.documentElement.dir = forced === 'rtl' || forced === 'ltr' ? forced : directionOf(locale.value);
}
