// A message's blocks. Each keeps its elements until its own text changes, so that what is selected in a finished one
// stays so while the next is written.
import type { Token, Tokens } from 'marked';
import { Component, type ComponentChildren } from 'preact';

import { CodeBlock } from './code_block';
import { directionOf } from './direction';
import type { Block } from './document';
import { Formula } from './formula';
import { Inlines, textOf } from './inlines';
import { List } from './list';
import { Table } from './table';
import { shown } from './text';
import { isOpenFence, lastLeaf, pieces, type Piece } from './tokens';

export class BlockView extends Component<{ block: Block }> {
    override shouldComponentUpdate({ block }: Readonly<{ block: Block }>): boolean {
        return block.source !== this.props.block.source;
    }

    override render({ block }: { block: Block }): ComponentChildren {
        return drawn(block.token, 0, block.open ? lastLeaf([block.token]) : null);
    }
}

/** `writing`: the code or formula that is still being written. */
export function Blocks({ tokens, writing }: { tokens: readonly Token[]; writing: Piece | null }) {
    return <>{pieces(tokens).map((token, index) => drawn(token, index, writing))}</>;
}

function drawn(token: Piece, key: number, writing: Piece | null): ComponentChildren {
    switch (token.type) {
        case 'paragraph':
            return (
                <p key={key} dir="auto">
                    <Inlines tokens={token.tokens} />
                </p>
            );
        case 'text': // a line of a list whose items stand close
            return <Inlines key={key} tokens={token.tokens ?? [token]} />;
        case 'heading':
            return <Heading key={key} token={token} />;
        case 'code':
            return (
                <CodeBlock
                    key={key}
                    text={token.text}
                    info={token.lang ?? ''}
                    open={token === writing && isOpenFence(token)}
                />
            );
        case 'blockquote':
            return (
                <blockquote key={key} dir={directionOf(token.text)}>
                    <Blocks tokens={token.tokens} writing={writing} />
                </blockquote>
            );
        case 'list':
            return <List key={key} token={token} writing={writing} />;
        case 'table':
            return <Table key={key} token={token} />;
        case 'hr':
            return <hr key={key} />;
        case 'formula':
            return (
                <Formula
                    key={key}
                    tex={token.tex}
                    raw={token.raw}
                    display={token.display}
                    open={token.open}
                    block
                />
            );
        case 'html':
        case 'plain':
            return (
                <p key={key} dir="auto" class="markdown-plain">
                    {shown(token.raw.trimEnd())}
                </p>
            );
        case 'space':
        case 'def':
        case 'checkbox':
            return null;
        default:
            return shown(token.raw);
    }
}

/** The page has a heading above the messages, so theirs begin with the third level. */
function Heading({ token }: { token: Tokens.Heading }) {
    const Level = (['h3', 'h4', 'h5', 'h6'] as const)[token.depth - 1] ?? 'h6';
    return (
        <Level class={`heading-${token.depth}`} dir="auto">
            {textOf(token.tokens) === '' ? '\u00a0' : <Inlines tokens={token.tokens} />}
        </Level>
    );
}
