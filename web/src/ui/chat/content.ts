import type { Message } from '../../api/types';

/** What was written, without pictures. */
export function textOf(message: Message): string {
    if (typeof message.content === 'string') return message.content;
    return message.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

export function imagesOf(message: Message): string[] {
    if (typeof message.content === 'string') return [];
    return message.content.flatMap((part) => (part.type === 'image_url' ? [part.image_url.url] : []));
}

/** Pictures can not be kept by an edit, which sends a text. */
export function isEditable(message: Message): boolean {
    return message.role === 'user' && imagesOf(message).length === 0;
}
