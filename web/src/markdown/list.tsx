import type { Tokens } from 'marked';

import { Blocks } from './blocks';
import { directionOf } from './direction';
import { Inlines } from './inlines';
import { pieces, type Piece } from './tokens';

interface Props {
    token: Tokens.List;
    writing: Piece | null;
}

export function List({ token, writing }: Props) {
    const items = token.items.map((item, index) => <Item key={index} item={item} writing={writing} />);
    const direction = directionOf(token.raw);
    if (!token.ordered) return <ul dir={direction}>{items}</ul>;
    return (
        <ol dir={direction} start={token.start === '' ? 1 : token.start}>
            {items}
        </ol>
    );
}

function Item({ item, writing }: { item: Tokens.ListItem; writing: Piece | null }) {
    if (!item.task) {
        return (
            <li>
                <Blocks tokens={item.tokens} writing={writing} />
            </li>
        );
    }
    // The checkbox is the first token, or the first in the first paragraph; that paragraph is its label.
    const [first, ...rest] = pieces(item.tokens).filter(({ type }) => type !== 'checkbox');
    const text = first?.type === 'paragraph' || first?.type === 'text' ? first.tokens : undefined;
    return (
        <li class="task">
            <label>
                <input type="checkbox" disabled checked={item.checked === true} /> <Inlines tokens={text} />
            </label>
            <Blocks
                tokens={text === undefined && first !== undefined ? [first, ...rest] : rest}
                writing={writing}
            />
        </li>
    );
}
