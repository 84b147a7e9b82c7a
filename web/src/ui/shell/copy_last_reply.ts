import { t } from '../../i18n';
import type { AppState } from '../../state/contract';
import { textOf } from '../chat/content';
import { say } from '../common/announcer';
import { copyText } from '../../clipboard';
import { lastWhere } from '../common/last_where';

/** The newest reply that is over, as it was written. */
export async function copyLastReply(state: AppState): Promise<void> {
    const chat = state.chat.peek();
    const live = chat.live.peek();
    const reply = lastWhere(
        chat.messages.peek(),
        ({ message }) => message.role === 'assistant' && message.message_id !== live?.messageId,
    );
    if (!reply) {
        say(t('keyboard.nothing_to_copy'));
        return;
    }
    say((await copyText(textOf(reply.message))) ? t('chat.copied') : t('chat.copy_failed'));
}
