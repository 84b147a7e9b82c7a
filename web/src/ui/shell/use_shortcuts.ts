import { useEffect } from 'preact/hooks';

import type { AppState } from '../../state/contract';
import { isComposing } from '../common/composing';
import { lastWhere } from '../common/last_where';
import { copyLastReply } from './copy_last_reply';
import { closeDrawer, helpOpen, showSidebar, sidebarShown } from './frame';
import { composerId, filterId, focusPlace, somethingIsOpen } from './places';
import { isShortcut, onMac, type ShortcutName } from './shortcuts';

type Deeds = Partial<Record<ShortcutName, (state: AppState) => void>>;

/** What the keys do that work everywhere in the page. */
const deeds: Deeds = {
    new_chat: (state) => {
        closeDrawer();
        state.go({ page: 'new' });
        focusPlace(composerId);
    },
    search: () => {
        showSidebar(true);
        requestAnimationFrame(() => focusPlace(filterId)); // when the sidebar is there
    },
    focus_composer: () => focusPlace(composerId),
    toggle_sidebar: () => showSidebar(!sidebarShown.peek()),
    next_chat: (state) => goToNeighbour(state, 1),
    previous_chat: (state) => goToNeighbour(state, -1),
    copy_last: (state) => void copyLastReply(state),
};

export function useShortcuts(state: AppState): void {
    useEffect(() => {
        const pressed = (event: KeyboardEvent) => {
            if (event.defaultPrevented || isComposing(event) || somethingIsOpen()) return;
            const deed = deedOf(event, state);
            if (!deed) return;
            event.preventDefault();
            deed(state);
        };
        window.addEventListener('keydown', pressed);
        return () => window.removeEventListener('keydown', pressed);
    }, [state]);
}

function deedOf(event: KeyboardEvent, state: AppState): ((state: AppState) => void) | null {
    if (isShortcut(event, 'help') && !isWriting(event.target)) return () => (helpOpen.value = true);
    if (isShortcut(event, 'stop')) {
        const chat = state.chat.peek();
        return chat.live.peek() === null ? null : () => void chat.stop();
    }
    if (isShortcut(event, 'undo')) return isWritten(event.target) ? null : undoing(state);
    if (event.altKey && usesArrows(event.target)) return null;
    for (const [name, deed] of Object.entries(deeds)) {
        if (isShortcut(event, name as ShortcutName)) return deed;
    }
    return null;
}

function isWriting(target: EventTarget | null): boolean {
    return (
        target instanceof HTMLElement &&
        (target.isContentEditable || target.matches('input, textarea, select'))
    );
}

/** It has a text of its own, whose last change is meant. */
function isWritten(target: EventTarget | null): boolean {
    const isField = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
    return isWriting(target) && !(isField && target.value === '');
}

/** Alt with an arrow opens a choice, and on a Mac goes through a text by paragraphs. */
function usesArrows(target: EventTarget | null): boolean {
    return (
        target instanceof HTMLElement && target.matches(onMac ? 'input, textarea, select' : 'input, select')
    );
}

function undoing({ notices }: AppState): (() => void) | null {
    const notice = lastWhere(notices.shown.peek(), ({ kind, action }) => kind === 'info' && action !== null);
    if (!notice) return null;
    return () => {
        notice.action?.run();
        notices.dismiss(notice.id);
    };
}

function goToNeighbour(state: AppState, step: number): void {
    const chats = state.interactions.visible.peek();
    const here = chats.findIndex((chat) => chat.interaction_id === state.chat.peek().id);
    const there = chats[here < 0 ? 0 : here + step];
    if (!there) return;
    closeDrawer();
    state.go({ page: 'chat', id: there.interaction_id });
}
