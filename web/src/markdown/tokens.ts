// What a message consists of: marked's tokens, and formulas.
import type { MarkedToken, Token, Tokens } from 'marked';

export interface FormulaToken {
    type: 'formula';
    raw: string;
    tex: string;
    display: boolean;
    open: boolean;
}

/** Text that is shown as it was written, with its lines. */
export interface PlainToken {
    type: 'plain';
    raw: string;
    text: string;
}

export type Piece = MarkedToken | FormulaToken | PlainToken;

/** marked's own type lets any token in; ours come from its rules and from our two kinds alone. */
export function pieces(tokens: readonly Token[] | undefined): Piece[] {
    return (tokens ?? []) as Piece[];
}

/** The inline text that the last character of these blocks belongs to: where writing goes on. */
export function lastRun(tokens: readonly Token[]): Token[] | null {
    const last = pieces(tokens).at(-1);
    switch (last?.type) {
        case 'paragraph':
        case 'heading':
        case 'text':
            return (last as Tokens.Paragraph | Tokens.Text).tokens ?? null;
        case 'blockquote':
            return lastRun(last.tokens);
        case 'list':
            return lastRun(last.items.at(-1)?.tokens ?? []);
        case 'table':
            return (
                (last.rows.at(-1) ?? last.header).filter((cell) => cell.text !== '').at(-1)?.tokens ?? null
            );
        default:
            return null;
    }
}

/** The block that the last character belongs to, out of all quotes and lists. */
export function lastLeaf(tokens: readonly Token[]): Piece | null {
    const last = pieces(tokens).at(-1);
    if (last?.type === 'blockquote') return lastLeaf(last.tokens) ?? last;
    if (last?.type === 'list') return lastLeaf(last.items.at(-1)?.tokens ?? []) ?? last;
    return last ?? null;
}

/** Whether a fenced block has not got its closing fence. */
export function isOpenFence(token: Piece | null): token is Tokens.Code {
    if (token?.type !== 'code' || token.codeBlockStyle === 'indented') return false;
    const fence = /^\s*(`{3,}|~{3,})/.exec(token.raw)?.[1];
    if (fence === undefined) return false;
    const lines = token.raw.trimEnd().split('\n');
    const last = (lines.at(-1) ?? '').trim();
    return lines.length < 2 || last.length < fence.length || last !== (fence[0] ?? '').repeat(last.length);
}
