import type { Virtualizer } from '@tanstack/virtual-core';

const page = 0.9; // of what can be seen

/**
 * The keys that scroll far do so at once: while a browser glides there, rows that turn out to be of another height than
 * was thought would stop it halfway. Answers whether it was such a key.
 */
export function scrollByKey(event: KeyboardEvent, list: Virtualizer<HTMLElement, HTMLElement>): boolean {
    const scroller = list.scrollElement;
    if (!scroller || event.target !== scroller || event.altKey || event.ctrlKey || event.metaKey)
        return false;
    switch (event.key) {
        case 'Home':
            list.scrollToOffset(0);
            return true;
        case 'End':
            list.scrollToEnd();
            return true;
        case 'PageUp':
            scroller.scrollTop -= page * scroller.clientHeight;
            return true;
        case 'PageDown':
            scroller.scrollTop += page * scroller.clientHeight;
            return true;
        default:
            return false;
    }
}
