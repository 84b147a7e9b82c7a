// Where each group and row of the list stands. All rows have one height, so that thousands need no measuring and only
// those near the eye are made.
import type { Interaction } from '../../api/types';
import { lastWhere } from '../common/last_where';
import type { ChatGroup } from './day_groups';

export interface RowHeights {
    heading: number;
    row: number;
}

export interface PlacedGroup {
    group: ChatGroup;
    top: number;
    height: number;
    /** The place of its first row among all rows. */
    first: number;
}

export interface ListLayout {
    groups: PlacedGroup[];
    rows: Interaction[];
    height: number;
}

export function layOut(groups: readonly ChatGroup[], heights: RowHeights): ListLayout {
    const placed: PlacedGroup[] = [];
    let top = 0;
    let first = 0;
    for (const group of groups) {
        const height = heights.heading + group.chats.length * heights.row;
        placed.push({ group, top, height, first });
        top += height;
        first += group.chats.length;
    }
    return { groups: placed, rows: groups.flatMap((group) => group.chats), height: top };
}

/** Where the row at `index` begins. */
export function rowTop(layout: ListLayout, index: number, heights: RowHeights): number {
    const placed = lastWhere(layout.groups, (group) => group.first <= index);
    return placed ? placed.top + heights.heading + (index - placed.first) * heights.row : 0;
}

export interface Window {
    from: number;
    to: number;
}

/** The rows of a group that lie in the window, and those of `always`. */
export function rowsIn(
    placed: PlacedGroup,
    window: Window,
    heights: RowHeights,
    always: string | null,
): number[] {
    const found: number[] = [];
    const base = placed.top + heights.heading;
    const from = Math.max(0, Math.floor((window.from - base) / heights.row));
    const to = Math.min(placed.group.chats.length, Math.ceil((window.to - base) / heights.row));
    placed.group.chats.forEach((chat, index) => {
        if ((index >= from && index < to) || chat.interaction_id === always) found.push(index);
    });
    return found;
}
