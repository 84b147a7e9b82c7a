import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface PlacedProps {
    as: 'div' | 'li' | 'section';
    top: number;
    height?: number;
    class?: string;
    children: ComponentChildren;
    labelledBy?: string;
}

/** An element at its place in a list of which only a part is made. The content policy allows styles set by code only. */
export function Placed({ as: Element, top, height, class: name, children, labelledBy }: PlacedProps) {
    const element = useRef<HTMLElement | null>(null);
    useLayoutEffect(() => {
        if (!element.current) return;
        element.current.style.transform = `translateY(${top}px)`;
        if (height !== undefined) element.current.style.blockSize = `${height}px`;
    }, [top, height]);
    return (
        <Element
            ref={(made: HTMLElement | null) => {
                element.current = made;
            }}
            class={name}
            aria-labelledby={labelledBy}
        >
            {children}
        </Element>
    );
}
