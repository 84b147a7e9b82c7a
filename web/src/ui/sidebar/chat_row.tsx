import { useSignal } from '@preact/signals';

import type { Interaction } from '../../api/types';
import { t } from '../../i18n';
import { useAppState } from '../app/state_context';
import { MenuButton, type MenuEntry } from '../common/menu';
import { RenameField } from './rename_field';

interface ChatRowProps {
    chat: Interaction;
    current: boolean;
    /** The one row of the list that the Tab key stops at. */
    reachable: boolean;
    /** It goes out of the list; whoever has the focus has to be led on. */
    onLeave: (id: string) => void;
    onReach: (id: string) => void;
}

export function ChatRow({ chat, current, reachable, onLeave, onReach }: ChatRowProps) {
    const { interactions } = useAppState();
    const renaming = useSignal(false);
    const id = chat.interaction_id;
    const title = chat.title || t('sidebar.untitled');

    const entries: MenuEntry[] = [
        { icon: 'pencil', label: t('sidebar.rename'), run: () => (renaming.value = true) },
        {
            icon: 'pin',
            label: chat.pinned ? t('sidebar.unpin') : t('sidebar.pin'),
            run: () => {
                void interactions.setPinned(id, !chat.pinned);
                onReach(id); // it stands elsewhere now
            },
        },
        {
            icon: 'archive',
            label: chat.archived ? t('sidebar.unarchive') : t('sidebar.archive'),
            run: () => {
                onLeave(id);
                void interactions.setArchived(id, !chat.archived);
            },
        },
        {
            icon: 'trash',
            label: t('sidebar.delete'),
            danger: true,
            run: () => {
                onLeave(id);
                interactions.remove(id);
            },
        },
    ];

    if (renaming.value) {
        return (
            <RenameField
                title={chat.title}
                onDone={(renamed) => {
                    renaming.value = false;
                    onReach(id);
                    if (renamed !== null) void interactions.rename(id, renamed);
                }}
            />
        );
    }
    return (
        <div class={current ? 'chat-row chat-row-current' : 'chat-row'}>
            <a
                href={`#/c/${id}`}
                class="chat-row-link"
                data-chat={id}
                tabIndex={reachable ? 0 : -1}
                aria-current={current ? 'page' : undefined}
                title={title}
                onKeyDown={(event) => {
                    if (event.key === 'F2') renaming.value = true;
                }}
            >
                <span dir="auto">{title}</span>
                {chat.pinned && <span class="visually-hidden">, {t('sidebar.pinned_chat')}</span>}
            </a>
            <div class="chat-row-menu">
                <MenuButton label={t('sidebar.menu_of', { title })} entries={entries} skipped={!reachable} />
            </div>
        </div>
    );
}
