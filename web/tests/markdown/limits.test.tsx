// Work is counted in what was looked at, not in time, which depends on the machine.
import { describe, expect, it } from 'vitest';

import { MarkdownDocument } from '../../src/markdown/document';
import { maxDepth, maxLines, maxNodes, maxText, maxWork } from '../../src/markdown/limits';
import { shownOf } from './page';

const size = 50_000;
const filled = (part: string) => part.repeat(Math.ceil(size / part.length)).slice(0, size);

const pathological: [string, string][] = [
    ['brackets', '['.repeat(10_000)],
    ['stars', '*'.repeat(10_000)],
    ['stars and letters', filled('*a ')],
    ['emphasis within emphasis', `${'*a **b '.repeat(2_000)}${'** a* '.repeat(2_000)}`],
    ['emphasis of all kinds', filled('*a_b**c__d~~e')],
    ['quotes 5,000 deep', `${'>'.repeat(5_000)} x`],
    ['quotes 5,000 deep, apart', `${'> '.repeat(5_000)}x`],
    ['lists 300 deep', Array.from({ length: 300 }, (_, depth) => `${'  '.repeat(depth)}- a`).join('\n')],
    ['lists 5,000 deep in a line', `${'- '.repeat(5_000)}a`],
    ['quotes that go on lazily', filled('> - a\nb\n')],
    ['quotes and lists in turn', '> - > - a\n'.repeat(1_000)],
    ['links without an end', filled('[a](b')],
    ['links in links', `${'[a'.repeat(5_000)}${'](b)'.repeat(5_000)}`],
    ['definitions with open titles', filled('[a]: b "\n\n')],
    ['backticks of all lengths', Array.from({ length: 200 }, (_, n) => `${'`'.repeat(n + 1)}a`).join(' ')],
    ['tags without an end', filled('<a href="')],
    ['comments without an end', filled('<!-- ')],
    ['dollars', filled('$a ')],
    ['formulas without an end', filled('\n$$a')],
    ['parentheses', `[a](${'('.repeat(size)}`],
    ['a header without a table', filled('|-')],
    ['setext lines', `${'a\n='.repeat(3_000)}\n===`],
    ['addresses', filled('http://a.b ')],
    ['spaces', `a${' '.repeat(size)}b`],
    ['combining marks', `a${'\u0300'.repeat(size)}`],
];

describe('a pathological text', () => {
    it.each(pathological)('of %s takes bounded work and depth', (_, text) => {
        for (const streaming of [false, true]) {
            const document = new MarkdownDocument(false);
            document.update(text, streaming);
            expect(document.lastWork).toBeLessThanOrEqual(maxWork + text.length);
            const page = shownOf(text, streaming);
            expect(depthOf(page.root)).toBeLessThan(4 * maxDepth);
            expect(page.root.querySelectorAll('*').length).toBeLessThan(4 * maxNodes);
            page.end();
        }
    });

    it('keeps its deepest text', () => {
        const page = shownOf(`${'> '.repeat(100)}deep`);
        expect(page.all('blockquote')).toHaveLength(maxDepth);
        expect(page.root.textContent).toContain('deep');
        page.end();
    });

    it.each([
        ['a line of a megabyte', 'word '.repeat(200_000)],
        ['more characters than are read', `# x\n\n${'a'.repeat(maxText)}`],
        ['more lines than are read', '*a*\n'.repeat(maxLines + 1)],
    ])('of %s is plain text', (_, text) => {
        const page = shownOf(text);
        expect(page.one('p').className).toBe('markdown-plain');
        expect(page.root.textContent).toBe(text.trimEnd());
        page.end();
    });

    it('of a huge table is plain text, and what is before it is not', () => {
        const rows = `|${'a|'.repeat(20)}\n`.repeat(4_000);
        const page = shownOf(`**a**\n\n|${'a|'.repeat(20)}\n|${'-|'.repeat(20)}\n${rows}`);
        expect(page.all('table')).toEqual([]);
        expect(page.all('strong')).toHaveLength(1);
        expect(page.one('p.markdown-plain').textContent).toContain('|a|a|');
        page.end();
    });

    it('of one paragraph too long for inline rules keeps its lines', () => {
        const line = 'no *emphasis* here\n';
        const page = shownOf(line.repeat(2_000), false, 'user');
        expect(page.all('em')).toEqual([]);
        expect(page.one('span.markdown-plain').textContent).toBe(line.repeat(2_000).trimEnd());
        page.end();
    });
});

function depthOf(element: Element): number {
    return Math.max(0, ...[...element.children].slice(0, 100).map((child) => 1 + depthOf(child)));
}
