import type { Message } from '../../api/types';
import { t } from '../../i18n';
import { focusComposer } from '../composer/focus_composer';
import { useChat } from './chat_view';
import { errorText, textOf } from './content';

/** How a reply ended, where it did not end by itself. */
export function ReplyOutcome({ message }: { message: Message }) {
    const { chat, busy } = useChat();
    switch (message.status) {
        case 'queued':
            return <p class="message-note muted">{t('chat.waits_for_turn')}</p>;
        case 'in_progress':
            return <p class="message-note muted">{t('chat.writing')}</p>;
        case 'stopped':
            return <p class="message-note muted">{t('chat.stopped')}</p>;
        case 'interrupted':
        case 'failed':
            return (
                <div class="message-note message-problem">
                    <p dir="auto">
                        {message.status === 'interrupted'
                            ? t('chat.interrupted')
                            : t('chat.failed_reply', { detail: errorText(message) })}
                    </p>
                    <div class="message-problem-actions">
                        <button
                            type="button"
                            class="button"
                            disabled={busy.value}
                            onClick={() => {
                                void chat.regenerate(message.message_id);
                                focusComposer();
                            }}
                        >
                            {t('shell.try_again')}
                        </button>
                    </div>
                </div>
            );
        case 'complete':
            return <Ending message={message} />;
    }
}

function Ending({ message }: { message: Message }) {
    if (message.finish_reason === 'length') return <p class="message-note muted">{t('chat.cut_off')}</p>;
    if (message.finish_reason === 'content_filter')
        return <p class="message-note muted">{t('chat.filtered')}</p>;
    if (textOf(message) === '' && message.tool_calls.length === 0) {
        return <p class="message-note muted">{t('chat.no_text')}</p>;
    }
    return null;
}
