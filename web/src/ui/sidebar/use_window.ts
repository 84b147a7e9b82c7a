import { signal, type ReadonlySignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useLayoutEffect, useMemo } from 'preact/hooks';

import type { Window } from './list_layout';

const step = 300; // px; the window moves in such steps, so that not each pixel of scrolling draws the list anew
const beyond = 600; // px made above and below what can be seen

/** What of a scrolled element can be seen, generously. */
export function useWindow(scroller: RefObject<HTMLElement | null>): ReadonlySignal<Window> {
    const window = useMemo(() => signal<Window>({ from: 0, to: 2 * beyond }), []);

    useLayoutEffect(() => {
        const element = scroller.current;
        if (!element) return;
        const look = () => {
            const from = Math.floor(element.scrollTop / step) * step - beyond;
            const to = Math.ceil((element.scrollTop + element.clientHeight) / step) * step + beyond;
            const before = window.peek();
            if (before.from !== from || before.to !== to) window.value = { from, to };
        };
        look();
        const observer = new ResizeObserver(look);
        observer.observe(element);
        element.addEventListener('scroll', look, { passive: true });
        return () => {
            observer.disconnect();
            element.removeEventListener('scroll', look);
        };
    }, [scroller, window]);

    return window;
}
