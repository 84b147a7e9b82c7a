// Places of the page to which keys and links lead the focus.
export const composerId = 'composer-text';
export const filterId = 'chat-filter';
export const mainId = 'main';
/** The button that shows the list of chats, or the one that hides it. */
export const sidebarToggleId = 'sidebar-toggle';

export function focusPlace(id: string): void {
    document.getElementById(id)?.focus({ preventScroll: true });
}

/** When the page is drawn again: if what had the focus was taken away, it goes to the first of these that is there. */
export function focusIfLost(...places: (string | Element | null)[]): void {
    requestAnimationFrame(() => {
        if (document.activeElement !== null && document.activeElement !== document.body) return;
        for (const place of places) {
            const element = typeof place === 'string' ? document.getElementById(place) : place;
            if (!(element instanceof HTMLElement) || !element.isConnected) continue;
            element.focus({ preventScroll: true });
            return;
        }
    });
}

/** What something was deleted from: the dialog that is still open, or else the page. */
export function focusGround(): void {
    requestAnimationFrame(() => {
        const dialog = [...document.querySelectorAll('dialog[open]')].pop();
        if (dialog === undefined) focusPlace(mainId);
        else dialog.querySelector<HTMLElement>('button')?.focus();
    });
}

/** Whether something lies over the page that takes keys for itself. */
export function somethingIsOpen(): boolean {
    return document.querySelector('dialog[open], [popover]:popover-open') !== null;
}
