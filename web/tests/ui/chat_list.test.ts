import { describe, expect, it } from 'vitest';

import type { Interaction } from '../../src/api/types';
import { daysBefore, groupByDay } from '../../src/ui/sidebar/day_groups';
import { layOut, rowsIn, rowTop } from '../../src/ui/sidebar/list_layout';

const heights = { heading: 30, row: 40 };

function chat(id: string, at: Date, pinned = false): Interaction {
    const made = { interaction_id: id, last_message_at: at.toISOString(), pinned };
    return made as Interaction; // the list looks at nothing else
}

/** So many chats of one day, and so many of the day before. */
function twoDays(first: number, second: number): Interaction[] {
    const of = (day: number, count: number) =>
        Array.from({ length: count }, (_, n) => chat(`${day}-${n}`, new Date(2026, 0, day, 12)));
    return [...of(9, first), ...of(8, second)];
}

describe('the days of the list', () => {
    it('are those of the person’s calendar, with what is pinned before them', () => {
        const groups = groupByDay([
            chat('pinned', new Date(2025, 5, 1), true),
            chat('late', new Date(2026, 0, 9, 23, 59)),
            chat('early', new Date(2026, 0, 9, 0, 0)),
            chat('before', new Date(2026, 0, 8, 23, 59)),
        ]);
        expect(groups.map((group) => group.chats.map((each) => each.interaction_id))).toEqual([
            ['pinned'],
            ['late', 'early'],
            ['before'],
        ]);
        expect(groups.map((group) => group.day?.getDate())).toEqual([undefined, 9, 8]);
    });

    it('are counted by midnights, also where a day has 23 or 25 hours', () => {
        const today = new Date(2026, 3, 2).getTime();
        expect(daysBefore(new Date(2026, 3, 2), today)).toBe(0);
        expect(daysBefore(new Date(2026, 3, 1), today)).toBe(1);
        expect(daysBefore(new Date(2026, 2, 26), today)).toBe(7);
    });
});

describe('the places of the rows', () => {
    it('follow each other under the headings', () => {
        const layout = layOut(groupByDay(twoDays(3, 2)), heights);
        expect(layout.height).toBe(2 * 30 + 5 * 40);
        expect(layout.groups.map(({ top, first }) => [top, first])).toEqual([
            [0, 0],
            [150, 3],
        ]);
        expect([0, 2, 3, 4].map((index) => rowTop(layout, index, heights))).toEqual([30, 110, 180, 220]);
    });

    it('are made in the window only, and where the focus is', () => {
        const placed = layOut(groupByDay(twoDays(1000, 0)), heights).groups[0];
        if (!placed) throw new Error('no group');
        expect(rowsIn(placed, { from: 4030, to: 4150 }, heights, null)).toEqual([100, 101, 102]);
        expect(rowsIn(placed, { from: 4030, to: 4150 }, heights, '9-7')).toEqual([7, 100, 101, 102]);
        expect(rowsIn(placed, { from: -500, to: 0 }, heights, null)).toEqual([]);
    });
});
