import type { MessageKey } from './en';
import { messages } from './locale';
import { t } from './translate';

interface Told {
    code: string;
    detail: string;
}

/** What went wrong in the page's language, where it has words for the code, or else in the server's words. */
export function failureText(failure: Told): string {
    const key = `failure.${failure.code}`;
    return lengthText(failure) ?? (isKey(key) ? t(key) : failure.detail);
}

/** How long it is and how much fits are told in the server's words alone; other servers' models may not tell them. */
function lengthText({ code, detail }: Told): string | null {
    if (code !== 'context_length_exceeded') return null;
    const told = /takes (?:about )?(\d+) tokens\D+(\d+)(?: leaves (\d+))?/.exec(detail);
    if (told === null) return null;
    const [, tokens, window, left] = told;
    return t('failure.too_many_tokens', { tokens: Number(tokens), fit: Number(left ?? window) });
}

function isKey(key: string): key is MessageKey {
    return Object.hasOwn(messages.peek(), key);
}
