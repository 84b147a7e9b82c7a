// Colours of code. lowlight makes a tree of what it read; here it becomes elements.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import { lazy } from './lazy';
import { maxColoured, maxColouredLive } from './limits';
import { shown } from './text';

interface HighlightNode {
    type: string;
    value?: string;
    properties?: { className?: unknown };
    children?: HighlightNode[];
}

interface Highlighter {
    registered(language: string): boolean;
    highlight(language: string, text: string): HighlightNode;
}

export const highlighter = lazy<Highlighter>(async () => {
    const { common, createLowlight } = await import('lowlight');
    const lowlight = createLowlight(common);
    return {
        registered: (language) => lowlight.registered(language),
        highlight: (language, text) => lowlight.highlight(language, text),
    };
});

const interval = 250; // ms between two readings of code that is still being written

/** `code` with colours as soon as there are any. While it is written, what was read last is coloured, the rest is not. */
export function useColours(code: string, language: string, open: boolean): ComponentChildren {
    const [coloured, setColoured] = useState<{
        code: string;
        language: string;
        nodes: ComponentChildren;
    } | null>(null);
    const readAt = useRef(0);
    const wanted = language !== '' && code !== '' && code.length <= (open ? maxColouredLive : maxColoured);
    const reader = wanted ? highlighter.loaded.value : null;
    useEffect(() => {
        if (wanted) highlighter.want();
    }, [wanted]);
    useEffect(() => {
        if (reader?.registered(language) !== true) return;
        const wait = open ? Math.max(0, readAt.current + interval - performance.now()) : 0;
        // Never in the task that draws: first the text is there, then its colours.
        const timer = setTimeout(() => {
            readAt.current = performance.now();
            const whole = open ? code.slice(0, code.lastIndexOf('\n') + 1) : code;
            setColoured({ code: whole, language, nodes: colours(reader, whole, language) });
        }, wait);
        return () => clearTimeout(timer);
    }, [reader, code, language, open]);
    if (coloured?.language !== language || !code.startsWith(coloured.code)) return inParts(code);
    if (coloured.code === code) return coloured.nodes;
    if (!coloured.code.endsWith('\n')) return inParts(code);
    return [part(0, coloured.nodes), inParts(code.slice(coloured.code.length))];
}

const partLines = 40;

/** Long code in parts that are laid out each for itself, so that a line more does not lay out all of it again. */
function inParts(code: string): ComponentChildren {
    const lines = code.split('\n');
    if (lines.length <= partLines) return shown(code);
    const parts = [];
    for (let from = 0; from < lines.length; from += partLines) {
        const end = from + partLines < lines.length ? '\n' : '';
        parts.push(part(from, shown(lines.slice(from, from + partLines).join('\n') + end)));
    }
    return parts;
}

function part(key: number, content: ComponentChildren) {
    return (
        <span key={key} class="code-part">
            {content}
        </span>
    );
}

function colours(reader: Highlighter, code: string, language: string): ComponentChildren {
    try {
        return elements(reader.highlight(language, code).children ?? [], 0);
    } catch {
        return shown(code);
    }
}

function elements(nodes: HighlightNode[], depth: number): ComponentChildren {
    return nodes.map((node, index) => {
        if (node.type === 'text') return shown(node.value ?? '');
        const children = depth > 50 ? shown(textOf(node)) : elements(node.children ?? [], depth + 1);
        const names = node.properties?.className;
        const classes = Array.isArray(names)
            ? names.filter((name) => typeof name === 'string').join(' ')
            : '';
        return (
            <span key={index} class={classes}>
                {children}
            </span>
        );
    });
}

function textOf(node: HighlightNode): string {
    return node.value ?? (node.children ?? []).map(textOf).join('');
}
