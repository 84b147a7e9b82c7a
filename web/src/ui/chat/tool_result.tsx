import type { Message } from '../../api/types';
import { t } from '../../i18n';
import { Icon } from '../common/icons';
import { useChat } from './chat_view';
import { textOf } from './content';
import { useOpenPart } from './open_parts';
import { readable } from './tool_calls';

/** What a tool answered. */
export function ToolResult({ message }: { message: Message }) {
    const { chat } = useChat();
    const part = useOpenPart(`result ${message.message_id}`);
    const calls = chat.messages.value.flatMap((shown) => shown.message.tool_calls);
    const name = calls.find((call) => call.id === message.tool_call_id)?.name;
    return (
        <details class="fold message-body" {...part}>
            <summary>
                <Icon name="tool" />
                {name === undefined ? t('chat.tool_result') : t('chat.tool_result_of', { name })}
            </summary>
            <pre dir="auto">{readable(textOf(message))}</pre>
        </details>
    );
}
