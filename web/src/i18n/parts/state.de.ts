import type { Translated } from '../entry';
import type { stateEn } from './state.en';

export const stateDe = {} satisfies Translated<typeof stateEn>;
