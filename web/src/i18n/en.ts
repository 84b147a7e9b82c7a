// English: what the other languages are measured by.
import type { Entry } from './entry';
import { markdownEn } from './parts/markdown.en';
import { stateEn } from './parts/state.en';
import { viewsEn } from './parts/views.en';

export const en = {
    ...viewsEn,
    ...stateEn,
    ...markdownEn,

    'dialog.close': 'Close',
    'dialog.cancel': 'Cancel',
} satisfies Record<string, Entry>;

export type MessageKey = keyof typeof en;
export type Messages = Record<MessageKey, Entry>;
