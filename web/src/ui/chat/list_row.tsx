// Places of the list's rows; the content policy allows styles that are set by code only.
import type { Virtualizer } from '@tanstack/virtual-core';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface ListRowProps {
    list: Virtualizer<HTMLElement, HTMLElement>;
    index: number;
    top: number;
    children: ComponentChildren;
}

export function ListRow({ list, index, top, children }: ListRowProps) {
    const element = useRef<HTMLDivElement>(null);
    useLayoutEffect(() => {
        if (element.current) element.current.style.transform = `translateY(${top}px)`;
    }, [top]);
    useLayoutEffect(() => list.measureElement(element.current), [list, index]);
    useLayoutEffect(() => () => queueMicrotask(() => list.measureElement(null)), [list]); // when it is out of the page
    return (
        <div ref={element} class="message-place" data-index={index}>
            {children}
        </div>
    );
}

export function ListSpace({ height, children }: { height: number; children: ComponentChildren }) {
    const element = useRef<HTMLDivElement>(null);
    useLayoutEffect(() => {
        if (element.current) element.current.style.blockSize = `${height}px`;
    }, [height]);
    return (
        <div ref={element} class="message-space">
            {children}
        </div>
    );
}
