import type { ToolCall } from '../../api/types';
import { t } from '../../i18n';
import { Icon } from '../common/icons';
import { useOpenPart } from './open_parts';

/** What the model asks its tools for. */
export function ToolCalls({ id, calls }: { id: string; calls: ToolCall[] }) {
    const part = useOpenPart(`calls ${id}`);
    return (
        <details class="fold" {...part}>
            <summary>
                <Icon name="tool" />
                {t('chat.tool_calls', { count: calls.length, name: calls[0]?.name ?? '' })}
            </summary>
            {calls.map((call) => (
                <div key={call.id} class="tool-call">
                    <p>{t('chat.tool_call', { name: call.name })}</p>
                    <pre dir="ltr">{readable(call.arguments)}</pre>
                </div>
            ))}
        </details>
    );
}

/** JSON in lines; as it came where it is none. */
export function readable(json: string): string {
    try {
        return JSON.stringify(JSON.parse(json), null, 2);
    } catch {
        return json;
    }
}
