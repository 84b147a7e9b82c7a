// A message's text as blocks that stay the same objects of the page while the text grows.
import type { Token } from 'marked';

import { maxText } from './limits';
import type { Links } from './lexer';
import { emptyCache, linksKey, parse } from './parse';
import { isOpenFence, lastLeaf, pieces, type Piece } from './tokens';

export interface Block {
    token: Piece;
    /** Two blocks of the same source look the same. */
    source: string;
    /** The text goes on in it. */
    open: boolean;
}

function noLinks(): Links {
    return Object.create(null) as Links;
}

export class MarkdownDocument {
    readonly #breaks: boolean;
    /** The text up to where nothing changes any more, whatever follows, and its blocks. */
    #settled = '';
    #settledBlocks: Block[] = [];
    /** The links that are defined in it, and those that its blocks were read with. */
    #links = noLinks();
    #key = '';
    #cache = emptyCache();
    /** How many characters the last update read again, and what the inline rules looked at. */
    lastRead = 0;
    lastWork = 0;

    constructor(breaks: boolean) {
        this.#breaks = breaks;
    }

    update(source: string, streaming: boolean): Block[] {
        const text = source.includes('\r') ? source.replace(/\r\n?/g, '\n') : source;
        if (!text.startsWith(this.#settled) || text.length > maxText) this.#forget();
        if (streaming) return this.#grow(text);
        const blocks = this.#whole(text);
        this.#forget();
        return blocks;
    }

    #forget(): void {
        this.#settled = '';
        this.#settledBlocks = [];
        this.#links = noLinks();
        this.#key = '';
        this.#cache = emptyCache();
    }

    #whole(text: string): Block[] {
        const { tokens, links, work } = parse(text, {
            breaks: this.#breaks,
            unfinished: false,
            links: noLinks(),
            cache: this.#cache,
        });
        this.lastRead = text.length;
        this.lastWork = work;
        return blocksOf(tokens, linksKey(links));
    }

    #grow(text: string): Block[] {
        const rest = text.slice(this.#settled.length);
        const options = { breaks: this.#breaks, unfinished: true, links: this.#links, cache: this.#cache };
        const parsed = parse(rest, options);
        this.lastRead = rest.length;
        this.lastWork = parsed.work;
        const key = linksKey(parsed.links);
        if (key !== this.#key && this.#settled !== '') {
            this.#forget(); // a definition makes links of what was before it
            return this.#grow(text);
        }
        this.#key = key;
        const blocks = blocksOf(parsed.tokens, key);
        const shown = [...this.#settledBlocks, ...withOpenEnd(blocks, parsed.tokens)];
        this.#settle(rest, parsed.tokens);
        return shown;
    }

    #settle(rest: string, tokens: Piece[]): void {
        const [length, count] = settledPart(rest, tokens);
        if (length === 0) return;
        const settled = tokens.slice(0, count);
        this.#settled += rest.slice(0, length);
        this.#settledBlocks = [...this.#settledBlocks, ...blocksOf(settled, this.#key)];
        this.#links = Object.assign(noLinks(), this.#links);
        define(this.#links, settled);
    }
}

/** Adds what these blocks define. The first definition of a name is the one that counts. */
function define(links: Links, tokens: readonly Token[]): void {
    for (const token of pieces(tokens)) {
        if (token.type === 'def') links[token.tag] ??= { href: token.href, title: token.title };
        if (token.type === 'blockquote') define(links, token.tokens);
        if (token.type === 'list') for (const item of token.items) define(links, item.tokens);
    }
}

/**
 * How much of `text` (characters, tokens) is settled: up to a blank line after which another block has a whole line.
 * A blank line ends everything but lists, indented code, fences and raw HTML, and those end with a line that belongs
 * to another block. Such a line is settled only when it is complete: "1" may become the list's "1.".
 */
function settledPart(text: string, tokens: Piece[]): [number, number] {
    let length = 0;
    let settled: [number, number] = [0, 0];
    for (const [index, token] of tokens.entries()) {
        if (!text.startsWith(token.raw, length)) break; // marked has put a line break of its own into the raw text
        length += token.raw.length;
        const isBoundary = token.type === 'space' && token.raw.includes('\n') && index < tokens.length - 1;
        if (isBoundary && text.includes('\n', length)) settled = [length, index + 1];
    }
    return settled;
}

function blocksOf(tokens: Piece[], key: string): Block[] {
    return tokens
        .filter(({ type }) => type !== 'space' && type !== 'def')
        .map((token) => ({
            token,
            source: key !== '' && token.raw.includes('[') ? `${token.raw}\0${key}` : token.raw,
            open: false,
        }));
}

/** The last block of a text that goes on is drawn otherwise than the same text at its end. */
function withOpenEnd(blocks: Block[], tokens: Piece[]): Block[] {
    const last = blocks.at(-1);
    if (last === undefined || tokens.at(-1) !== last.token) return blocks;
    const open = isOpenFence(lastLeaf([last.token])) || last.token.type === 'formula';
    return [...blocks.slice(0, -1), { ...last, source: `${last.source}\0…`, open }];
}
