import { t } from '../../i18n';
import { useChat } from './chat_view';
import { LiveState } from './live_state';

/** The place of a reply that was asked for, until the server has told of it. */
export function PendingReply() {
    const { chat } = useChat();
    const live = chat.live.value;
    return (
        <article class="message message-assistant" aria-label={t('chat.assistant')} aria-busy>
            {live && <LiveState live={live} />}
        </article>
    );
}
