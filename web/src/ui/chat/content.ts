import type { Message } from '../../api/types';
import { failureText } from '../../i18n';

/** What was written, without pictures. */
export function textOf(message: Message): string {
    if (typeof message.content === 'string') return message.content;
    return message.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

export function imagesOf(message: Message): string[] {
    if (typeof message.content === 'string') return [];
    return message.content.flatMap((part) => (part.type === 'image_url' ? [part.image_url.url] : []));
}

/** Why a reply failed, in the page's language where it has words for that. */
export function errorText({ error }: Message): string {
    return error === null ? '' : failureText({ code: error.code, detail: error.message });
}

/** Pictures can not be kept by an edit, which sends a text. */
export function isEditable(message: Message): boolean {
    return message.role === 'user' && imagesOf(message).length === 0;
}
