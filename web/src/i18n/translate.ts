import type { MessageKey } from './en';
import { formatNumber, pluralRule } from './format';
import { messages } from './locale';

/** The message `key` in the page's language; numbers are written as the language does, `count` picks the plural. */
export function t(key: MessageKey, values: Record<string, string | number> = {}): string {
    const entry = messages.value[key];
    const count = values['count'];
    const plural = typeof count === 'number' ? pluralRule(count) : 'other';
    const text = typeof entry === 'string' ? entry : (entry[plural] ?? entry.other);
    return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
        const value = values[name];
        if (value === undefined) return placeholder;
        return typeof value === 'number' ? formatNumber(value) : value;
    });
}
