import { useSignal } from '@preact/signals';

import { formatDateTime, formatTime, t } from '../../i18n';
import type { ShownMessage } from '../../state/contract';
import { AssistantBody } from './assistant_body';
import { useChat } from './chat_view';
import { MessageActions } from './message_actions';
import { MessageDetails } from './message_details';
import { ToolResult } from './tool_result';
import { UserBody } from './user_body';

interface MessageRowProps {
    shown: ShownMessage;
    /** Its place among those that are loaded, and how many there are: -1 where nobody knows. */
    place: number;
    of: number;
    last: boolean;
}

/** One message: what was said, how it went, and what can be done with it. */
export function MessageRow({ shown, place, of, last }: MessageRowProps) {
    const { liveId } = useChat();
    const detailed = useSignal(false);
    const { message } = shown;
    const live = message.message_id === liveId.value;
    return (
        <article
            class={`message message-${message.role}`}
            aria-label={t('chat.message_of', {
                who: whoSays(message.role),
                when: formatTime(message.created_at),
            })}
            aria-posinset={of === -1 ? undefined : place}
            aria-setsize={of === -1 ? undefined : of}
            aria-busy={live}
            data-status={message.status}
            data-last={last || undefined}
        >
            <Body shown={shown} live={live} />
            {!live && message.role !== 'tool' && (
                <footer class="message-foot">
                    <MessageActions shown={shown} last={last} detailed={detailed} />
                    <time
                        class="message-time"
                        dateTime={message.created_at}
                        title={formatDateTime(message.created_at)}
                    >
                        {formatTime(message.created_at)}
                    </time>
                </footer>
            )}
            {detailed.value && <MessageDetails message={message} />}
        </article>
    );
}

function Body({ shown, live }: { shown: ShownMessage; live: boolean }) {
    switch (shown.message.role) {
        case 'assistant':
            return <AssistantBody shown={shown} live={live} />;
        case 'tool':
            return <ToolResult message={shown.message} />;
        default:
            return <UserBody shown={shown} />;
    }
}

function whoSays(role: ShownMessage['message']['role']): string {
    switch (role) {
        case 'user':
            return t('chat.you');
        case 'assistant':
            return t('chat.assistant');
        case 'tool':
            return t('chat.tool');
        case 'system':
            return t('chat.system');
    }
}
