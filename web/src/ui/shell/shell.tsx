import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

import { t } from '../../i18n';
import { useAppState } from '../app/state_context';
import { Announcer } from '../common/announcer';
import { Sidebar } from '../sidebar/sidebar';
import { closeDrawer, drawerOpen, sidebarShown } from './frame';
import { Notices } from './notices';
import { composerId, focusIfLost, focusPlace, mainId, sidebarToggleId } from './places';

/** The frame: what can be skipped to, the list of chats, and the page in the middle. */
export function Shell({ children }: { children: ComponentChildren }) {
    const { route, chat } = useAppState();
    const { page } = route.value;
    const writes = (page === 'new' || page === 'chat') && chat.value.status.value !== 'absent';
    const over = drawerOpen.value;
    const sidebar = useRef<HTMLDivElement>(null);
    useDrawer(sidebar, over);

    return (
        <div class="shell" data-sidebar={sidebarShown.value ? 'shown' : 'hidden'}>
            <div class="skip-links" inert={over}>
                <button type="button" class="button" onClick={() => focusPlace(mainId)}>
                    {t('shell.skip_to_chat')}
                </button>
                {writes && (
                    <button type="button" class="button" onClick={() => focusPlace(composerId)}>
                        {t('shell.skip_to_composer')}
                    </button>
                )}
            </div>
            {over && <div class="drawer-backdrop" onClick={closeDrawer} aria-hidden="true" />}
            {over ? (
                <div ref={sidebar} class="sidebar" role="dialog" aria-modal aria-label={t('sidebar.label')}>
                    <Sidebar />
                </div>
            ) : (
                sidebarShown.value && (
                    <aside class="sidebar" aria-label="Parley">
                        <Sidebar />
                    </aside>
                )
            )}
            <main id={mainId} class="main" tabIndex={-1} inert={over}>
                {children}
            </main>
            <Notices />
            <Announcer />
        </div>
    );
}

/** The drawer takes the focus, gives it back, and closes at Escape and when a link in it was followed. */
function useDrawer(sidebar: { current: HTMLElement | null }, over: boolean): void {
    useLayoutEffect(() => {
        if (!over) return;
        const before = document.activeElement;
        sidebar.current?.querySelector<HTMLElement>('a, button')?.focus();
        return () => focusIfLost(before, sidebarToggleId);
    }, [over, sidebar]);

    useEffect(() => {
        if (!over) return;
        const escaped = (event: KeyboardEvent) => {
            if (event.key !== 'Escape' || event.defaultPrevented) return;
            event.preventDefault();
            closeDrawer();
        };
        const followed = (event: Event) => {
            if (event.target instanceof Element && event.target.closest('a[href]')) closeDrawer();
        };
        const element = sidebar.current;
        element?.addEventListener('keydown', escaped);
        element?.addEventListener('click', followed);
        return () => {
            element?.removeEventListener('keydown', escaped);
            element?.removeEventListener('click', followed);
        };
    }, [over, sidebar]);
}
