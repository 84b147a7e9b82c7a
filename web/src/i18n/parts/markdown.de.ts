import type { Translated } from '../entry';
import type { markdownEn } from './markdown.en';

export const markdownDe = {} satisfies Translated<typeof markdownEn>;
