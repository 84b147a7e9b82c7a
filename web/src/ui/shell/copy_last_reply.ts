import { t } from '../../i18n';
import type { AppState } from '../../state/contract';
import { textOf } from '../chat/content';
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
        state.notices.info(t('keyboard.nothing_to_copy'));
        return;
    }
    const done = await copyText(textOf(reply.message));
    state.notices.info(t(done ? 'chat.reply_copied' : 'chat.copy_failed'));
}
