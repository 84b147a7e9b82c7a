import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

import type { Message } from '../../api/types';
import { t } from '../../i18n';
import { useChat } from './chat_view';
import { textOf } from './content';

const saidFor = 10_000; // ms; then it is only where it can be seen, so that nobody reads it twice

/** Tells screen readers of a reply twice: that it is being written, and the whole of it at the end. Not each token. */
export function ReplyAnnouncer() {
    const { chat, busy, liveId } = useChat();
    const said = useSignal('');
    const writing = useRef<string | null>(null);

    useSignalEffect(() => {
        if (liveId.value !== null) writing.current = liveId.value;
        if (busy.value) {
            said.value = t('chat.announce_writing');
            return;
        }
        const reply = chat.messages.value.find(
            ({ message }) => message.message_id === writing.current,
        )?.message;
        if (!reply || reply.status === 'in_progress') return;
        writing.current = null;
        said.value = wordsOf(reply);
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

function wordsOf(reply: Message): string {
    if (reply.status === 'failed') return t('chat.announce_failed', { detail: reply.error?.message ?? '' });
    if (reply.status === 'stopped') return `${textOf(reply)} ${t('chat.stopped')}`;
    return textOf(reply) || t('chat.no_text');
}
