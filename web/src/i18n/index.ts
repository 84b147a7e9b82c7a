// The page's words. `t` reads the language's signal: a component that calls it follows a change of language.
import type { MessageKey } from './en';
import { formatNumber, pluralRule } from './format';
import { messages } from './locale';

export type { MessageKey } from './en';
export {
    formatCompact,
    formatDate,
    formatDateTime,
    formatDayDistance,
    formatList,
    formatMoney,
    formatNumber,
    formatPercent,
    formatRelative,
    formatTime,
} from './format';
export { keep, kept } from './kept';
export { languages, locales, type Locale } from './languages';
export { chooseLocale, chosenLocale, locale, startLocale } from './locale';

/** The message `key` in the page's language; numbers are written as the language does, `count` picks the plural. */
export function t(key: MessageKey, values: Record<string, string | number> = {}): string {
    const entry = messages.value[key];
    const count = values['count'];
    const text =
        typeof entry === 'string'
            ? entry
            : (typeof count === 'number' && entry[pluralRule(count)]) || entry.other;
    return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
        const value = values[name];
        if (value === undefined) return placeholder;
        return typeof value === 'number' ? formatNumber(value) : value;
    });
}
