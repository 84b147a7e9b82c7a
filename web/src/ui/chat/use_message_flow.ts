import type { Virtualizer } from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

import type { Chat, ShownMessage } from '../../state/contract';
import { lastWhere } from '../common/last_where';

const screensAhead = 2; // so far from the top older messages are asked for

/** Brings older messages before the reader is at the top. */
export function useOlder(scroller: RefObject<HTMLElement | null>, chat: Chat): void {
    useEffect(() => {
        const element = scroller.current;
        if (!element || !chat.hasOlder.peek() || chat.loadingOlder.peek()) return;
        if (element.scrollTop < screensAhead * element.clientHeight) void chat.loadOlder();
    });
}

/** Who sends wants to see what comes of it, wherever he has been reading. */
export function useOwnMessage(messages: ShownMessage[], list: Virtualizer<HTMLElement, HTMLElement>): void {
    const sent = lastWhere(messages, (shown) => shown.sending?.state === 'under_way')?.key ?? null;
    const before = useRef(sent);
    useLayoutEffect(() => {
        if (sent !== null && sent !== before.current) list.scrollToEnd();
        before.current = sent;
    }, [sent, list]);
}
