import {
    defaultRangeExtractor,
    elementScroll,
    observeElementOffset,
    observeElementRect,
    type Range,
    Virtualizer,
} from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useLayoutEffect, useReducer, useState } from 'preact/hooks';

interface VirtualListOptions {
    scroller: RefObject<HTMLElement | null>;
    count: number;
    /** New whenever the rows are others than before. */
    keyOf: (index: number) => string;
    estimate: (index: number) => number;
}

/**
 * A list of rows of any height, of which only those in sight are made. Rows that come in front, or grow above, do not
 * move what is being read.
 */
export function useVirtualList(options: VirtualListOptions): Virtualizer<HTMLElement, HTMLElement> {
    const { scroller, count, keyOf, estimate } = options;
    const [, draw] = useReducer((drawn: number) => drawn + 1, 0);
    const asked = {
        count,
        getScrollElement: () => scroller.current,
        estimateSize: estimate,
        getItemKey: keyOf,
        scrollToFn: elementScroll,
        observeElementRect,
        observeElementOffset,
        onChange: draw,
        rangeExtractor: (range: Range) => withFocused(range, scroller.current),
        overscan: 4,
        paddingStart: 16,
        paddingEnd: 24,
        anchorTo: 'end' as const,
    };
    const [list] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(asked));
    list.setOptions(asked);

    useLayoutEffect(() => list._didMount(), [list]);
    useLayoutEffect(() => list._willUpdate());
    return list;
}

/** The row with the focus is kept, however far it is scrolled away: who writes or reads there does not fall out of it. */
function withFocused(range: Range, scroller: HTMLElement | null): number[] {
    const rows = defaultRangeExtractor(range);
    const focused = document.activeElement?.closest<HTMLElement>('[data-index]');
    if (!focused || !scroller?.contains(focused)) return rows;
    const index = Number(focused.dataset['index']);
    if (index >= range.count || rows.includes(index)) return rows;
    return [...rows, index].sort((one, other) => one - other);
}
