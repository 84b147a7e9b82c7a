import type { MessageKey } from './en';
import { messages } from './locale';
import { t } from './translate';

/** What went wrong in the page's language, where it has words for the code, or else in the server's words. */
export function failureText(failure: { code: string; detail: string }): string {
    const key = `failure.${failure.code}`;
    return isKey(key) ? t(key) : failure.detail;
}

function isKey(key: string): key is MessageKey {
    return Object.hasOwn(messages.peek(), key);
}
