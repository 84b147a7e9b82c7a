import type { Translated } from '../entry';
import type { viewsEn } from './views.en';

export const viewsDe = {} satisfies Translated<typeof viewsEn>;
