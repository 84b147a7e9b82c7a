import type { Entry } from '../entry';

export const markdownEn = {} satisfies Record<string, Entry>;
