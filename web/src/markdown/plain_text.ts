// What a message says, without its form: for who hears it.
import type { Token, Tokens } from 'marked';

import { t } from '../i18n';
import { MarkdownDocument } from './document';
import { textOf } from './inlines';
import { pieces, type Piece } from './tokens';

/** A text that is over, as it would be read aloud. */
export function plainText(text: string): string {
    const blocks = new MarkdownDocument(false).update(text, false);
    return linesOf(blocks.map(({ token }) => token)).join('\n');
}

function linesOf(tokens: readonly Token[]): string[] {
    return pieces(tokens)
        .map(said)
        .filter((line) => line !== '');
}

function said(token: Piece): string {
    switch (token.type) {
        case 'space':
        case 'def':
        case 'hr':
        case 'checkbox':
            return '';
        case 'code':
            return `${t('markdown.code')}: ${token.text}`;
        case 'blockquote':
            return linesOf(token.tokens).join('\n');
        case 'list':
            return token.items.map((item, index) => itemText(token, item, index)).join('\n');
        case 'table':
            return [token.header, ...token.rows].map(rowText).join('\n');
        default:
            return textOf([token]).trim();
    }
}

function itemText(list: Tokens.List, item: Tokens.ListItem, index: number): string {
    const text = linesOf(item.tokens).join('\n');
    return list.ordered ? `${(list.start === '' ? 1 : list.start) + index}. ${text}` : text;
}

function rowText(cells: Tokens.TableCell[]): string {
    return cells.map(({ tokens }) => textOf(tokens)).join(', ');
}
