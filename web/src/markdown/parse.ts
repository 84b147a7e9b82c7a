// From a text to its blocks. Whatever marked cannot read, or should not, is one block of plain text.
import type { Token } from 'marked';

import { maxBlocks, maxLines, maxNodes, maxText } from './limits';
import { BoundedLexer, type Links } from './lexer';
import { isOpenFence, lastLeaf, lastRun, pieces, type Piece, type PlainToken } from './tokens';
import { completed, delimiterRowFor, withoutPartOfFence, withoutUndecidedLine } from './unfinished';

export interface ParseOptions {
    /** Each line of its own stays one: people do not know that Markdown joins lines. */
    breaks: boolean;
    /** The text goes on: what is unfinished at its end is shown as if it were whole. */
    unfinished: boolean;
    /** The definitions of links that were made before. */
    links: Links;
    /** What inline texts were read before, so that they need not be again. What is read now is added. */
    cache: RunCache;
}

/** By an inline text what it consists of, where links are those of `key`. */
export interface RunCache {
    key: string;
    runs: Map<string, Token[]>;
}

export function emptyCache(): RunCache {
    return { key: '', runs: new Map() };
}

export interface Parsed {
    tokens: Piece[];
    links: Links;
    /** What was looked at, to see that it is bounded. */
    work: number;
}

export function parse(text: string, options: ParseOptions): Parsed {
    if (text.length > maxText || hasManyLines(text)) return plain(text, options.links);
    try {
        return read(text, options);
    } catch {
        return plain(text, options.links); // marked ran too deep, or into what it has no rule for
    }
}

function hasManyLines(text: string): boolean {
    let lines = 0;
    for (let at = text.indexOf('\n'); at !== -1 && lines <= maxLines; at = text.indexOf('\n', at + 1))
        lines++;
    return lines > maxLines;
}

function plain(text: string, links: Links): Parsed {
    return { tokens: [plainToken(text)], links, work: 0 };
}

function plainToken(text: string): PlainToken {
    return { type: 'plain', raw: text, text };
}

function read(text: string, options: ParseOptions): Parsed {
    const lexer = options.unfinished ? lexUnfinished(text, options) : lexBlocks(text, options);
    const writing = options.unfinished ? lastRun(lexer.tokens) : null;
    const key = linksKey(lexer.tokens.links);
    if (options.cache.key !== key) options.cache.runs.clear();
    options.cache.key = key;
    const { runs } = options.cache;
    for (const { src, tokens } of lexer.inlineQueue) {
        if (tokens === writing) {
            lexer.openEnd = true;
            tokens.push(...lexer.readRun(completed(src)));
        } else {
            lexer.openEnd = false;
            const known = runs.get(src);
            const found = known ?? lexer.readRun(src);
            lexer.nodes += known?.length ?? 0;
            if (lexer.nodes <= maxNodes) {
                runs.set(src, found);
                tokens.push(...found);
            } else if (src !== '') {
                tokens.push(plainToken(src));
            }
        }
    }
    return { tokens: bounded(pieces(lexer.tokens)), links: lexer.tokens.links, work: lexer.work };
}

function lexBlocks(text: string, options: ParseOptions): BoundedLexer {
    const links = Object.assign(Object.create(null) as Links, options.links);
    const lexer = new BoundedLexer(options.breaks, links);
    lexer.openEnd = options.unfinished;
    lexer.blockTokens(text, lexer.tokens);
    return lexer;
}

function lexUnfinished(text: string, options: ParseOptions): BoundedLexer {
    const lexer = lexBlocks(text, options);
    const leaf = lastLeaf(lexer.tokens);
    if (isOpenFence(leaf)) {
        leaf.text = withoutPartOfFence(leaf.text);
        return lexer;
    }
    if (leaf?.type === 'html' || leaf?.type === 'formula') return lexer;
    const decided = withoutUndecidedLine(text);
    if (decided !== text) return lexTable(decided, options);
    return leaf?.type === 'paragraph' ? lexTable(text, options, lexer) : lexer;
}

/** With the table that the last paragraph is about to become. */
function lexTable(text: string, options: ParseOptions, known?: BoundedLexer): BoundedLexer {
    const lexer = known ?? lexBlocks(text, options);
    const last = pieces(lexer.tokens).at(-1);
    const row = last?.type === 'paragraph' ? delimiterRowFor(last.text) : null;
    return row === null ? lexer : lexBlocks(text.trimEnd() + row, options);
}

/** Beyond what a page can show, the rest of the text is one plain block. */
function bounded(tokens: Piece[]): Piece[] {
    let nodes = 0;
    const shown: Piece[] = [];
    for (const [index, token] of tokens.entries()) {
        nodes += 1 + (token.type === 'table' || token.type === 'list' ? partsOf(token) : 0);
        if (nodes > maxNodes || index >= maxBlocks) {
            const rest = tokens.slice(index).map(({ raw }) => raw);
            return [...shown, plainToken(rest.join(''))];
        }
        shown.push(token);
    }
    return shown;
}

function partsOf(token: Extract<Piece, { type: 'table' | 'list' }>): number {
    return token.type === 'table' ? (token.rows.length + 1) * token.header.length : token.items.length;
}

/** The same for the same definitions. */
export function linksKey(links: Links): string {
    const entries = Object.entries(links);
    return entries.length === 0 ? '' : JSON.stringify(entries);
}
