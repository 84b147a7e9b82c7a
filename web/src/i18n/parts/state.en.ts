import type { Entry } from '../entry';

export const stateEn = {} satisfies Record<string, Entry>;
