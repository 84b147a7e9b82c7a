import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

/** A field as high as its text, up to what its style allows. Browsers that do so by themselves are let. */
export function useAutosize(field: RefObject<HTMLTextAreaElement | null>, text: string): void {
    useLayoutEffect(() => {
        const element = field.current;
        if (!element || CSS.supports('field-sizing', 'content')) return;
        element.style.blockSize = 'auto';
        element.style.blockSize = `${element.scrollHeight}px`;
    }, [field, text]);
}
