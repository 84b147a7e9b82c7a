import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

import type { Message } from '../../api/types';
import { t } from '../../i18n';
import { isOver } from '../../state/branch';
import type { Chat, LiveReply, ShownMessage } from '../../state/contract';
import { useChat } from './chat_view';
import { errorText, textOf } from './content';
import { spoken } from './spoken';

const saidFor = 10_000; // ms; then it is only where it can be seen, so that nobody reads it twice

/** Tells screen readers what a reply waits for, that it is being written, and at the end what it says. Not each token. */
export function ReplyAnnouncer() {
    const { chat, phase, liveId } = useChat();
    const said = useSignal('');
    const writing = useRef<string | null>(null);
    const all = useRef<readonly ShownMessage[]>([]); // also those in whose place another one is asked for
    const allBefore = useRef<readonly ShownMessage[] | null>(null); // what is being sent; null: nothing is

    useSignalEffect(() => {
        const shown = chat.messages.value;
        if (phase.peek() !== 'sending') all.current = shown;
    });

    useSignalEffect(() => {
        const before = writing.current;
        const now = liveId.value;
        const doing = phase.value;
        if (now !== null) writing.current = now;
        const heard: string[] = [];
        if (before !== null && before !== now) {
            const reply = chat.messages.value.find(({ message }) => message.message_id === before)?.message;
            if (reply && isOver(reply)) {
                heard.push(wordsOf(reply));
                if (now === null) writing.current = null;
            }
        }
        if (doing === 'sending') {
            allBefore.current ??= all.current;
        } else {
            // One that is quick is over before it was seen to be written.
            const known = allBefore.current;
            const reply = doing === null && known !== null ? lastReply(chat) : undefined;
            const isNew = !known?.some(({ message }) => message.message_id === reply?.message_id);
            if (reply && isOver(reply) && isNew) heard.push(wordsOf(reply));
            allBefore.current = null;
        }
        const next = phaseWords(doing);
        if (next !== null) heard.push(next);
        if (heard.length > 0) said.value = heard.join(' ');
    });

    const words = said.value;
    useEffect(() => {
        if (words === '') return;
        const timer = setTimeout(() => (said.value = ''), saidFor);
        return () => clearTimeout(timer);
    }, [words, said]);

    return (
        <div
            class="visually-hidden"
            role="log"
            aria-live="polite"
            aria-atomic="true"
            aria-label={t('chat.replies')}
        >
            {words}
        </div>
    );
}

function lastReply(chat: Chat): Message | undefined {
    const replies = chat.messages.peek().filter(({ message }) => message.role === 'assistant');
    return replies.at(-1)?.message;
}

/** Null: nothing that has not been said. */
function phaseWords(phase: LiveReply['phase'] | null): string | null {
    switch (phase) {
        case 'waiting':
            return t('chat.announce_waiting');
        case 'loading_model':
            return t('chat.announce_loading');
        case 'sending':
        case 'writing':
            return t('chat.announce_writing');
        default:
            return null;
    }
}

function wordsOf(reply: Message): string {
    if (reply.status === 'failed') return t('chat.announce_failed', { detail: errorText(reply) });
    if (reply.status === 'stopped') return `${spoken(textOf(reply))} ${t('chat.stopped')}`;
    return spoken(textOf(reply)) || t('chat.no_text');
}
