import { t } from '../../i18n';
import { useAppState } from '../app/state_context';
import { Icon } from '../common/icons';
import { IconButton } from '../common/icon_button';
import { drawerOpen, showSidebar } from '../shell/frame';
import { sidebarToggleId } from '../shell/places';
import { keysOf } from '../shell/shortcuts';
import { ChatList } from './chat_list';
import { FilterField } from './filter_field';
import { SidebarFoot } from './sidebar_foot';

export function Sidebar() {
    const { interactions } = useAppState();
    const archived = interactions.archived.value;
    return (
        <>
            <div class="sidebar-head">
                <span class="brand">Parley</span>
                <IconButton
                    id={sidebarToggleId}
                    icon={drawerOpen.value ? 'close' : 'sidebar'}
                    label={drawerOpen.value ? t('shell.close_sidebar') : t('shell.hide_sidebar')}
                    shortcut={keysOf('toggle_sidebar')}
                    onClick={() => showSidebar(false)}
                />
            </div>
            <div class="sidebar-tools">
                <a
                    class="button new-chat"
                    href="#/"
                    title={`${t('sidebar.new_chat')} (${keysOf('new_chat')})`}
                >
                    <Icon name="plus" />
                    {t('sidebar.new_chat')}
                </a>
                <FilterField />
            </div>
            <nav
                class="sidebar-chats"
                aria-label={archived ? t('sidebar.show_archived') : t('sidebar.label')}
            >
                <ChatList />
            </nav>
            <button
                type="button"
                class="foot-link archive-toggle"
                onClick={() => (interactions.archived.value = !archived)}
            >
                <Icon name={archived ? 'previous' : 'archive'} />
                {archived ? t('sidebar.show_current') : t('sidebar.show_archived')}
            </button>
            <SidebarFoot />
        </>
    );
}
