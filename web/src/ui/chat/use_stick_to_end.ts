import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

const near = 40; // px; who scrolls down to here wants to be at the end

/** Whether the reader is at the end and wants to stay there, whatever is added. Any move up lets go of it. */
export function useStickToEnd(scroller: RefObject<HTMLElement | null>): void {
    const sticks = useRef(true);

    useLayoutEffect(() => {
        const element = scroller.current;
        if (!element) return;
        let before = element.scrollTop;
        const scrolled = () => {
            const distance = element.scrollHeight - element.clientHeight - element.scrollTop;
            if (distance <= 1) sticks.current = true;
            else if (element.scrollTop < before) sticks.current = false;
            else if (distance <= near) sticks.current = true;
            before = element.scrollTop;
        };
        // Capturing, and so before the list hears of it and draws itself.
        element.addEventListener('scroll', scrolled, { passive: true, capture: true });
        return () => element.removeEventListener('scroll', scrolled, { capture: true });
    }, [scroller]);

    // After each drawing of the list, before it is painted.
    useLayoutEffect(() => {
        const element = scroller.current;
        if (element && sticks.current) element.scrollTop = element.scrollHeight;
    });
}
