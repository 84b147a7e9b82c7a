// What of the page's frame is open. The list of chats is a column beside the chat, or a drawer over it where there is
// no room for two columns.
import { computed, effect, signal, type ReadonlySignal } from '@preact/signals';

import { keep, kept } from '../../i18n';
import { narrow } from '../common/media';
import { focusIfLost, sidebarToggleId } from './places';

const column = signal(kept('sidebar') !== 'hidden');
const drawer = signal(false);

/** The drawer is open: nothing else can be used meanwhile. */
export const drawerOpen: ReadonlySignal<boolean> = computed(() => narrow.value && drawer.value);
export const sidebarShown: ReadonlySignal<boolean> = computed(() =>
    narrow.value ? drawer.value : column.value,
);

export const helpOpen = signal(false);

effect(() => {
    if (!narrow.value) drawer.value = false;
});

export function showSidebar(shown: boolean): void {
    if (narrow.peek()) {
        drawer.value = shown;
        return;
    }
    column.value = shown;
    keep('sidebar', shown ? null : 'hidden');
    focusIfLost(sidebarToggleId);
}

export function closeDrawer(): void {
    drawer.value = false;
}
