// What KaTeX makes of a formula, as elements. Its own way into the page sets style attributes, which the content policy
// forbids; here only what MathML needs is taken over.
import * as katex from 'katex';
import { h, type ComponentChildren, type VNode } from 'preact';

import { styled } from './math_letters';

interface MathTree {
    type?: string;
    text?: string;
    character?: string | null;
    width?: number;
    attributes?: Record<string, string>;
    classes?: string[];
    children?: MathTree[];
}

// It is exported for such uses, but its types do not say so.
const { __renderToDomTree: buildTree } = katex as unknown as {
    __renderToDomTree: (tex: string, options: katex.KatexOptions) => MathTree;
};

/** Null where it cannot read the formula. */
export type MathRenderer = (tex: string, display: boolean) => VNode | null;

const maxTreeDepth = 100;

const elements = new Set(
    (
        'math semantics annotation mrow mi mn mo ms mtext mspace mover munder munderover msup msub msubsup ' +
        'mmultiscripts mprescripts mfrac mroot msqrt mtable mtr mtd mlabeledtr menclose mstyle mpadded mphantom'
    ).split(' '),
);

const attributes = new Set(
    (
        'display displaystyle scriptlevel mathvariant mathcolor mathbackground mathsize accent accentunder stretchy ' +
        'fence separator symmetric largeop movablelimits lspace rspace minsize maxsize linethickness width height ' +
        'depth voffset columnalign columnlines columnspacing rowlines rowspacing rowalign frame notation side encoding'
    ).split(' '),
);

const options: katex.KatexOptions = {
    output: 'mathml',
    throwOnError: false,
    trust: false,
    strict: 'ignore',
    maxExpand: 500,
    maxSize: 20,
};

export function renderMath(tex: string, display: boolean): VNode | null {
    try {
        const tree = buildTree(tex, { ...options, displayMode: display });
        const math = tree.children?.[0];
        if (tree.classes?.includes('katex-error') === true || math?.type !== 'math') return null;
        return element(math, 0) as VNode;
    } catch {
        return null; // it runs too deep, or is nested deeper than anybody writes
    }
}

function element(node: MathTree, depth: number): ComponentChildren {
    if (depth > maxTreeDepth) throw new RangeError('A formula is nested too deep.');
    if (node.text !== undefined) return node.text;
    if (node.type === undefined) {
        if (node.width === undefined) return children(node, depth); // a fragment
        return node.character ?? h('mspace', { width: `${node.width}em` });
    }
    if (!elements.has(node.type)) throw new TypeError(`KaTeX has made a ${node.type}.`);
    const letters = styledLetters(node);
    if (letters !== null) return h(node.type, {}, letters);
    const taken = Object.entries(node.attributes ?? {}).filter(([name]) => attributes.has(name));
    const props = Object.fromEntries(taken);
    return h(
        node.type,
        node.type === 'mtable' ? { ...props, class: 'math-table' } : props,
        children(node, depth),
    );
}

/** Of a single symbol in a style of its own. Words are drawn in it by the page's own styles. */
function styledLetters({ type, attributes, children }: MathTree): string | null {
    const style = attributes?.['mathvariant'];
    const texts = (children ?? []).map(({ text }) => text); // a number has one for each digit
    if (style === undefined || type === 'mtext' || texts.includes(undefined)) return null;
    return styled(texts.join(''), style);
}

function children(node: MathTree, depth: number): ComponentChildren[] {
    const found = (node.children ?? []).map((child) => element(child, depth + 1));
    return node.type === 'mtable' ? aligned(node, depth) : found;
}

/** Browsers do not know `columnalign`: each cell is told by a class of its own. */
function aligned(table: MathTree, depth: number): ComponentChildren[] {
    const sides = (table.attributes?.['columnalign'] ?? '').split(/\s+/);
    return (table.children ?? []).map((row) => {
        if (row.type !== 'mtr') return element(row, depth + 1);
        const cells = (row.children ?? []).map((cell, column) => {
            const side = sides[Math.min(column, sides.length - 1)];
            const name = side === 'left' || side === 'right' ? `math-${side}` : undefined;
            return h('mtd', { class: name }, children(cell, depth + 2));
        });
        return h('mtr', {}, cells);
    });
}
