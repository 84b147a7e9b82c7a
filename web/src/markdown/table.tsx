import type { Tokens } from 'marked';

import { t } from '../i18n';
import { directionOf } from './direction';
import { Inlines, textOf } from './inlines';
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
                    <tr>
                        {token.header.map((cell, column) => (
                            <th key={column} scope="col" dir="auto" class={alignment(cell)}>
                                <Inlines tokens={cell.tokens} breaks />
                            </th>
                        ))}
                    </tr>
                </thead>
                <tbody>
                    {token.rows.map((row, index) => (
                        <tr key={index}>
                            {row.map((cell, column) => (
                                <td key={column} dir="auto" class={alignment(cell)}>
                                    <Inlines tokens={cell.tokens} breaks />
                                </td>
                            ))}
                        </tr>
                    ))}
                </tbody>
            </table>
        </div>
    );
}

function alignment(cell: Tokens.TableCell): string | undefined {
    return cell.align === null ? undefined : `align-${cell.align}`;
}
