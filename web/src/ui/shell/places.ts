// Places of the page to which keys and links lead the focus.
export const composerId = 'composer-text';
export const filterId = 'chat-filter';
export const mainId = 'main';

export function focusPlace(id: string): void {
    document.getElementById(id)?.focus({ preventScroll: true });
}

/** Whether something lies over the page that takes keys for itself. */
export function somethingIsOpen(): boolean {
    return document.querySelector('dialog[open], [popover]:popover-open') !== null;
}
