import type { ComponentChildren } from 'preact';

import { t } from '../../i18n';
import { IconButton } from '../common/icon_button';
import { showSidebar, sidebarShown } from './frame';
import { sidebarToggleId } from './places';
import { keysOf } from './shortcuts';

/** The line over a page, with the way to the list of chats where it is hidden. */
export function TopBar({ children }: { children?: ComponentChildren }) {
    return (
        <header class="top-bar">
            {!sidebarShown.value && (
                <IconButton
                    id={sidebarToggleId}
                    icon="sidebar"
                    label={t('shell.show_sidebar')}
                    shortcut={keysOf('toggle_sidebar')}
                    expanded={false}
                    onClick={() => showSidebar(true)}
                />
            )}
            {children}
        </header>
    );
}
