import { Markdown } from '../../markdown/markdown';
import type { ShownMessage } from '../../state/contract';
import { useChat } from './chat_view';
import { textOf } from './content';
import { FailOver } from './fail_over';
import { LiveState } from './live_state';
import { ReplyOutcome } from './reply_outcome';
import { Thoughts } from './thoughts';
import { ToolCalls } from './tool_calls';

/** A reply. While it is written its text comes from what lives, and stays in the same place when it is over. */
export function AssistantBody({ shown, live }: { shown: ShownMessage; live: boolean }) {
    const { chat } = useChat();
    const { message } = shown;
    const writing = live ? chat.live.value : null;
    const text = writing?.text ?? textOf(message);
    const reasoning = writing?.reasoning ?? message.reasoning ?? '';
    return (
        <>
            <div class="message-body">
                {reasoning !== '' && (
                    <Thoughts id={shown.key} text={reasoning} thinking={live && text === ''} />
                )}
                {text !== '' && <Markdown text={text} streaming={live} role="assistant" />}
                {message.tool_calls.length > 0 && <ToolCalls id={shown.key} calls={message.tool_calls} />}
            </div>
            {writing ? (
                <LiveState live={writing} />
            ) : (
                <>
                    <ReplyOutcome message={message} />
                    <FailOver message={message} />
                </>
            )}
        </>
    );
}
