// What the parts of a chat's view share.
import { computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

import type { Chat, LiveReply } from '../../state/contract';

export interface ChatView {
    chat: Chat;
    /** Of the reply that is being written. Read this and not `chat.live`, which changes with each frame. */
    liveId: ReadonlySignal<string | null>;
    /** How far it is; null: none is being written. */
    phase: ReadonlySignal<LiveReply['phase'] | null>;
    busy: ReadonlySignal<boolean>;
    settingsOpen: Signal<boolean>;
}

export function viewOf(chat: Chat): ChatView {
    return {
        chat,
        liveId: computed(() => chat.live.value?.messageId ?? null),
        phase: computed(() => chat.live.value?.phase ?? null),
        busy: computed(() => chat.live.value !== null),
        settingsOpen: signal(false),
    };
}

export const ChatContext = createContext<ChatView | null>(null);

export function useChat(): ChatView {
    const view = useContext(ChatContext);
    if (view === null) throw new Error('There is no chat around this component.');
    return view;
}
