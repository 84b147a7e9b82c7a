import type { Tokens } from 'marked';
import { Component } from 'preact';

import { t } from '../i18n';
import { directionOf } from './direction';
import { Inlines, sameTokens, textOf } from './inlines';
import { shownInAttribute } from './text';

/** A table scrolls in a region of its own, by keys too, so that a wide one does not widen the page. */
export function Table({ token }: { token: Tokens.Table }) {
    const columns = token.header.map((cell) => textOf(cell.tokens)).filter((name) => name.trim() !== '');
    const label = t('markdown.table', { columns: shownInAttribute(columns.join(', ').slice(0, 200)) });
    return (
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reached by the keyboard
        <div class="table-scroll" role="region" aria-label={label} tabIndex={0}>
            <table dir={directionOf(token.raw)}>
                <thead>
                    <Row cells={token.header} />
                </thead>
                <tbody>
                    {token.rows.map((cells, index) => (
                        <Row key={index} cells={cells} />
                    ))}
                </tbody>
            </table>
        </div>
    );
}

/** Of a long table that grows, only the last row is drawn again. */
class Row extends Component<{ cells: Tokens.TableCell[] }> {
    override shouldComponentUpdate({ cells }: Readonly<{ cells: Tokens.TableCell[] }>): boolean {
        const before = this.props.cells;
        const same = (cell: Tokens.TableCell, column: number) =>
            cell.align === before[column]?.align && sameTokens(cell.tokens, before[column].tokens);
        return cells.length !== before.length || !cells.every(same);
    }

    override render({ cells }: { cells: Tokens.TableCell[] }) {
        return (
            <tr>
                {cells.map((cell, column) => {
                    const side = cell.align === null ? undefined : `align-${cell.align}`;
                    const content = <Inlines tokens={cell.tokens} breaks />;
                    return cell.header ? (
                        <th key={column} scope="col" dir="auto" class={side}>
                            {content}
                        </th>
                    ) : (
                        <td key={column} dir="auto" class={side}>
                            {content}
                        </td>
                    );
                })}
            </tr>
        );
    }
}
