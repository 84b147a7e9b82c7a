import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

/** Calls `load` when the end of the list comes near, and again as long as it stays there. */
export function useMore(end: RefObject<HTMLElement | null>, wanted: boolean, load: () => void): void {
    useEffect(() => {
        const element = end.current;
        if (!element || !wanted) return;
        const observer = new IntersectionObserver(
            (seen) => {
                if (seen.some((entry) => entry.isIntersecting)) load();
            },
            { root: element.parentElement, rootMargin: '600px 0px' },
        );
        observer.observe(element); // tells at once whether it is in sight
        return () => observer.disconnect();
        // `load` is new each time; what counts is whether more is wanted.
        // eslint-disable-next-line react-hooks/exhaustive-deps
    }, [end, wanted]);
}
