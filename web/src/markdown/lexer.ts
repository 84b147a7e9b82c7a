// marked's lexer with bounds: nothing in a text makes it run deep or long. It makes tokens only, never HTML.
import {
    Hooks,
    Lexer,
    Tokenizer,
    type MarkedOptions,
    type Token,
    type Tokens,
    type TokensList,
} from 'marked';

import { formulaAt, formulaBlockAt, formulaLineIn, maskFormulas } from './formula_source';
import { maxContained, maxDefinition, maxDepth, maxNodes, maxRun, maxRunWork, maxWork } from './limits';
import type { FormulaToken, PlainToken } from './tokens';

export type Links = TokensList['links'];

const blankLine = /\n[ \t]*(?=\n)/;

class BoundedTokenizer extends Tokenizer {
    /** How many lists and quotes are around. */
    depth = 0;

    #contained = 0;

    override blockquote(src: string): Tokens.Blockquote | undefined {
        return this.#within(src, () => super.blockquote(src));
    }

    override list(src: string): Tokens.List | undefined {
        return this.#within(src, () => super.list(src));
    }

    /** A definition ends with its paragraph, whatever quotation mark it opened. */
    override def(src: string): Tokens.Def | undefined {
        if (!/^ {0,3}\[/.test(src)) return undefined;
        const near = src.slice(0, maxDefinition);
        const blank = blankLine.exec(near);
        const found = super.def(blank === null ? near : near.slice(0, blank.index + blank[0].length + 1));
        return found?.raw.length === maxDefinition ? undefined : found;
    }

    /** HTML is text: it neither opens a link nor a raw passage. */
    override tag(src: string): Tokens.Tag | undefined {
        const { inLink, inRawBlock } = this.lexer.state;
        const token = super.tag(src);
        this.lexer.state.inLink = inLink;
        this.lexer.state.inRawBlock = inRawBlock;
        return token;
    }

    #within<T>(src: string, read: () => T | undefined): T | undefined {
        if (this.depth >= maxDepth) return undefined;
        this.depth++;
        try {
            const token = read();
            if (token !== undefined && this.depth > 1) this.#contained += src.length;
            if (this.#contained > maxContained)
                throw new RangeError('Lists and quotes that would be read too often.');
            return token;
        } finally {
            this.depth--;
        }
    }
}

export class BoundedLexer extends Lexer {
    /** Characters looked at by the inline rules, and pieces made, so far. */
    work = 0;
    nodes = 0;
    /** Whether a formula without its end is taken as one: at the end of a text that is still being written. */
    openEnd = false;
    #depth = 0;
    #runWork = 0;
    #source = '';

    readonly #blocks: BoundedTokenizer;

    constructor(breaks: boolean, links: Links) {
        const blocks = new BoundedTokenizer();
        const options: MarkedOptions = { gfm: true, breaks, tokenizer: blocks, hooks: new Hooks() };
        super(options);
        this.#blocks = blocks;
        this.tokens.links = links;
        this.options.extensions = {
            renderers: {},
            childTokens: {},
            block: [(src) => this.#formulaBlock(src)],
            startBlock: [(src) => formulaLineIn(src, this.openEnd)],
            inline: [(src, tokens) => this.#inlineStep(src, tokens)],
            startInline: [(src) => src.indexOf('$')],
        };
        if (this.options.hooks) {
            this.options.hooks.emStrongMask = (masked) => maskFormulas(this.#source, masked, this.openEnd);
        }
    }

    /** The text of one paragraph, cell or heading. */
    readRun(src: string): Token[] {
        this.#runWork = 0;
        this.state.inRawBlock = false;
        return this.inlineTokens(src, []);
    }

    override inlineTokens(src: string, tokens: Token[] = []): Token[] {
        if (this.#depth >= maxDepth || src.length > maxRun) {
            if (src !== '') tokens.push(literal(src));
            return tokens;
        }
        const outer = this.#source;
        this.#source = src;
        this.#depth++;
        try {
            return super.inlineTokens(src, tokens);
        } finally {
            this.#depth--;
            this.#source = outer;
        }
    }

    /** marked asks this first at every step, so here it is counted; when enough was done, the rest is plain text. */
    #inlineStep(src: string, tokens: readonly Token[]): Tokens.Generic | undefined {
        this.#runWork += src.length;
        this.work += src.length;
        this.nodes++;
        if (this.#runWork > maxRunWork || this.work > maxWork || this.nodes > maxNodes) return literal(src);
        const before = tokens.at(-1)?.raw.at(-1) ?? '';
        const formula = formulaAt(src, 0, before, this.openEnd);
        return formula === null ? undefined : token(formula);
    }

    #formulaBlock(src: string): Tokens.Generic | undefined {
        // Of lists and quotes the end of what they hold is not the end of the text.
        const formula = formulaBlockAt(src, this.openEnd && this.#blocks.depth === 0);
        return formula === null ? undefined : token(formula);
    }
}

function token(formula: Omit<FormulaToken, 'type'>): FormulaToken {
    return { type: 'formula', ...formula };
}

function literal(src: string): PlainToken {
    return { type: 'plain', raw: src, text: src };
}
