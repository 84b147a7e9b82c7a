import type { Entry } from '../entry';

export const markdownEn = {
    'markdown.code': 'Code',
    'markdown.code_in': 'Code, {language}',
    'markdown.copy': 'Copy',
    'markdown.copy_code': 'Copy code',
    'markdown.copied': 'Copied',
    'markdown.copy_failed': 'Could not copy',
    'markdown.table': 'Table: {columns}',
    'markdown.formula': 'Formula',
    'markdown.image': 'Image',
    'markdown.direction_mark': 'Control character {code}',
} satisfies Record<string, Entry>;
