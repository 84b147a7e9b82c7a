import { useSignal } from '@preact/signals';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';

import { useAppState } from '../app/state_context';
import { touch } from '../common/media';
import { Placed } from '../common/placed';
import { focusComposer } from '../composer/focus_composer';
import { ChatRow } from './chat_row';
import { groupByDay } from './day_groups';
import { groupTitle } from './group_title';
import { layOut, type RowHeights, rowsIn, rowTop } from './list_layout';
import { ListEnd } from './list_end';
import { useWindow } from './use_window';

function heightsFor(fingers: boolean): RowHeights {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    return { heading: Math.round(2.25 * rem), row: Math.round((fingers ? 2.9 : 2.3) * rem) };
}

/** The chats by day. One stop for the Tab key, from which the arrows lead on. */
export function ChatList() {
    const { interactions, chat } = useAppState();
    const scroller = useRef<HTMLDivElement>(null);
    const window = useWindow(scroller);
    const chats = interactions.visible.value;
    const fingers = touch.value;
    const heights = useMemo(() => heightsFor(fingers), [fingers]);
    const layout = useMemo(() => layOut(groupByDay(chats), heights), [chats, heights]);
    const currentId = chat.value.id;

    const reached = useSignal<string | null>(null);
    const isListed = (id: string | null) => layout.rows.some((row) => row.interaction_id === id);
    const reachable = [reached.value, currentId].find(isListed) ?? layout.rows[0]?.interaction_id ?? null;
    const toFocus = useRef<string | null>(null);

    useLayoutEffect(() => {
        const id = toFocus.current;
        if (id === null) return;
        const link = scroller.current?.querySelector<HTMLElement>(`[data-chat="${CSS.escape(id)}"]`);
        if (!link) return;
        toFocus.current = null;
        link.focus({ preventScroll: true });
    });

    const reach = (id: string) => {
        const index = layout.rows.findIndex((row) => row.interaction_id === id);
        const element = scroller.current;
        if (index < 0 || !element) return;
        const top = rowTop(layout, index, heights);
        const least = top + heights.row - element.clientHeight;
        element.scrollTop = Math.min(Math.max(element.scrollTop, least), top - heights.heading);
        toFocus.current = id;
        reached.value = null; // also when it is the same as before: the effect has to run
        reached.value = id;
    };

    const neighbour = (id: string, step: number) => {
        const index = layout.rows.findIndex((row) => row.interaction_id === id);
        return layout.rows[index + step]?.interaction_id;
    };

    const leave = (id: string) => {
        const next = neighbour(id, 1) ?? neighbour(id, -1);
        if (next !== undefined) reach(next);
        else focusComposer();
    };

    const move = (event: KeyboardEvent) => {
        const id = event.target instanceof HTMLElement ? event.target.dataset['chat'] : undefined;
        if (id === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
        const to = {
            ArrowDown: neighbour(id, 1),
            ArrowUp: neighbour(id, -1),
            Home: layout.rows[0]?.interaction_id,
            End: layout.rows.at(-1)?.interaction_id,
        }[event.key];
        if (to === undefined) return;
        event.preventDefault();
        reach(to);
    };

    const seen = window.value;
    return (
        // The list takes the arrow keys of the links in it; it is none that could be pressed itself.
        // eslint-disable-next-line jsx-a11y/no-static-element-interactions
        <div ref={scroller} class="chat-list" onKeyDown={move}>
            <Placed as="div" top={0} height={layout.height} class="chat-list-space">
                {layout.groups
                    .filter((placed) => placed.top < seen.to && placed.top + placed.height > seen.from)
                    .map((placed) => (
                        <Placed
                            key={placed.group.key}
                            as="section"
                            top={placed.top}
                            height={placed.height}
                            class="chat-group"
                            labelledBy={`group-${placed.group.key}`}
                        >
                            <h2 class="chat-group-title" id={`group-${placed.group.key}`}>
                                {groupTitle(placed.group)}
                            </h2>
                            <ul>
                                {rowsIn(placed, seen, heights, reachable).map((index) => {
                                    const row = placed.group.chats[index];
                                    if (!row) return null;
                                    const id = row.interaction_id;
                                    return (
                                        <Placed
                                            key={id}
                                            as="li"
                                            top={index * heights.row}
                                            height={heights.row}
                                        >
                                            <ChatRow
                                                chat={row}
                                                current={id === currentId}
                                                reachable={id === reachable}
                                                onLeave={leave}
                                                onReach={reach}
                                            />
                                        </Placed>
                                    );
                                })}
                            </ul>
                        </Placed>
                    ))}
            </Placed>
            <ListEnd />
        </div>
    );
}
