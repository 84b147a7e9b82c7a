import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import '../../styles/pages.css';

/** A page beside the chat. Its heading gets the focus, so that keyboard and screen reader begin there. */
export function Page({ title, children }: { title: string; children: ComponentChildren }) {
    const heading = useRef<HTMLHeadingElement>(null);
    useEffect(() => {
        heading.current?.focus();
    }, []);
    return (
        <div class="page">
            <h1 ref={heading} tabIndex={-1}>
                {title}
            </h1>
            {children}
        </div>
    );
}

export function Section({ title, children }: { title: string; children: ComponentChildren }) {
    return (
        <section class="page-section">
            <h2>{title}</h2>
            {children}
        </section>
    );
}
