import type { Message } from '../../api/types';
import { t } from '../../i18n';
import { IconButton } from '../common/icon_button';
import { useChat } from './chat_view';

/** ‹2/3›: the other versions of a message, each the beginning of a branch. */
export function Siblings({ message }: { message: Message }) {
    const { chat, busy } = useChat();
    const { index, count } = message.sibling;
    if (count < 2) return null;
    const show = (to: number) => void chat.showSibling(message.message_id, to);
    const why = busy.value ? t('composer.busy') : undefined;
    const values = { index: index + 1, count };
    return (
        <div class="siblings" role="group" aria-label={t('chat.versions')}>
            <IconButton
                icon="previous"
                label={t('chat.previous_version')}
                why={why}
                disabled={busy.value || index === 0}
                onClick={() => show(index - 1)}
            />
            <span class="siblings-place">
                <span aria-hidden="true">{t('chat.version_of', values)}</span>
                <span class="visually-hidden">{t('chat.version_now', values)}</span>
            </span>
            <IconButton
                icon="next"
                label={t('chat.next_version')}
                why={why}
                disabled={busy.value || index === count - 1}
                onClick={() => show(index + 1)}
            />
        </div>
    );
}
