import { useMemo } from 'preact/hooks';
import type { JSX } from 'preact';

import '../styles/markdown.css';
import { BlockView } from './blocks';
import { MarkdownDocument } from './document';

interface Props {
    text: string;
    /** The text goes on: it only grows until this is false. */
    streaming: boolean;
    role?: 'assistant' | 'user';
}

/** A message's text. Nothing in it is read as HTML: elements are made of what a Markdown lexer has found. */
export function Markdown({ text, streaming, role = 'assistant' }: Props): JSX.Element {
    const document = useMemo(() => new MarkdownDocument(role === 'user'), [role]);
    const blocks = useMemo(() => document.update(text, streaming), [document, text, streaming]);
    return (
        <div class={`markdown markdown-${role}`}>
            {blocks.map((block, index) => (
                <BlockView key={index} block={block} />
            ))}
        </div>
    );
}
