import type { Signal } from '@preact/signals';

import { t } from '../../i18n';
import { isOver } from '../../state/branch';
import type { ShownMessage } from '../../state/contract';
import { CopyButton } from '../common/copy_button';
import { IconButton } from '../common/icon_button';
import { focusComposer } from '../composer/focus_composer';
import { useChat } from './chat_view';
import { isEditable, textOf } from './content';
import { Siblings } from './siblings';

interface MessageActionsProps {
    shown: ShownMessage;
    last: boolean;
    detailed: Signal<boolean>;
}

/** What can be done with a message. Shown to who points at it or has the focus in it; always there for the keyboard. */
export function MessageActions({ shown, last, detailed }: MessageActionsProps) {
    const { chat, busy } = useChat();
    const { message, sending } = shown;
    const id = message.message_id;
    if (sending !== null) return null;
    const over = isOver(message);
    const why = t('composer.busy');
    const answered = !last || message.role !== 'user';
    return (
        <div class="message-actions" role="group" aria-label={t('chat.actions')}>
            <Siblings message={message} />
            {textOf(message) !== '' && <CopyButton text={() => textOf(message)} label={t('chat.copy')} />}
            {isEditable(message) && (
                <IconButton
                    icon="pencil"
                    label={t('chat.edit')}
                    disabled={busy.value}
                    why={why}
                    onClick={() => chat.beginEdit(id, textOf(message))}
                />
            )}
            {over && (message.role === 'assistant' || !answered) && (
                <IconButton
                    icon="refresh"
                    label={answered ? t('chat.regenerate') : t('chat.get_reply')}
                    disabled={busy.value}
                    why={why}
                    onClick={() => {
                        void chat.regenerate(id);
                        focusComposer();
                    }}
                />
            )}
            {(message.role === 'assistant' || message.transformed_content !== null) && over && (
                <IconButton
                    icon="info"
                    label={t('chat.details')}
                    expanded={detailed.value}
                    onClick={() => (detailed.value = !detailed.value)}
                />
            )}
        </div>
    );
}
