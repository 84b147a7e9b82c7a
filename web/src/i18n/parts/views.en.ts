import type { Entry } from '../entry';

export const viewsEn = {} satisfies Record<string, Entry>;
