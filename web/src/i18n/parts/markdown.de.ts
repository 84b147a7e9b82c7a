import type { Translated } from '../entry';
import type { markdownEn } from './markdown.en';

export const markdownDe = {
    'markdown.code': 'Code',
    'markdown.code_in': 'Code, {language}',
    'markdown.copy': 'Kopieren',
    'markdown.copy_code': 'Code kopieren',
    'markdown.copied': 'Kopiert',
    'markdown.copy_failed': 'Kopieren ging nicht',
    'markdown.table': 'Tabelle: {columns}',
    'markdown.formula': 'Formel',
    'markdown.image': 'Bild',
    'markdown.direction_mark': 'Steuerzeichen {code}',
} satisfies Translated<typeof markdownEn>;
