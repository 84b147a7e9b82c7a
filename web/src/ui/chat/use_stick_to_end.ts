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
        // Who unfolds something wants to read it, not what comes to stand at the end.
        const clicked = (event: Event) => {
            const summary = event.target instanceof Element ? event.target.closest('summary') : null;
            if (summary === null) return;
            sticks.current = false;
            const top = summary.getBoundingClientRect().top;
            const stay = () => (element.scrollTop += summary.getBoundingClientRect().top - top);
            requestAnimationFrame(() => requestAnimationFrame(stay)); // when the list has moved its rows
        };
        element.addEventListener('click', clicked, { capture: true });
        return () => {
            element.removeEventListener('scroll', scrolled, { capture: true });
            element.removeEventListener('click', clicked, { capture: true });
        };
    }, [scroller]);

    // After each drawing of the list, before it is painted.
    useLayoutEffect(() => {
        const element = scroller.current;
        if (element && sticks.current) element.scrollTop = element.scrollHeight;
    });
}
