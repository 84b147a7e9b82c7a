import { useRef } from 'preact/hooks';

import type { Message } from '../../api/types';
import { t } from '../../i18n';
import { IconButton } from '../common/icon_button';
import { useChat } from './chat_view';

/** ‹2/3›: the other versions of a message, each the beginning of a branch. */
export function Siblings({ message }: { message: Message }) {
    const { chat, busy } = useChat();
    const group = useRef<HTMLDivElement>(null);
    const { index, count } = message.sibling;
    if (count < 2) return null;
    const show = async (to: number, button: 'first' | 'last') => {
        const place = group.current?.closest<HTMLElement>('[data-index]');
        const list = place?.closest<HTMLElement>('[role=region]');
        await chat.showSibling(message.message_id, to);
        // The other version is another row, in the same place.
        const same = `[data-index="${place?.dataset['index'] ?? ''}"] .siblings button:${button}-of-type`;
        requestAnimationFrame(() =>
            (list?.querySelector<HTMLElement>(same) ?? list)?.focus({ preventScroll: true }),
        );
    };
    const why = busy.value ? t('composer.busy') : undefined;
    const values = { index: index + 1, count };
    return (
        <div ref={group} class="siblings" role="group" aria-label={t('chat.versions')}>
            <IconButton
                icon="previous"
                label={t('chat.previous_version')}
                why={why}
                disabled={busy.value || index === 0}
                onClick={() => void show(index - 1, 'first')}
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
                onClick={() => void show(index + 1, 'last')}
            />
        </div>
    );
}
