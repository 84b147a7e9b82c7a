import { describe, expect, it, vi } from 'vitest';

import { BlockView } from '../../src/markdown/blocks';
import { MarkdownDocument } from '../../src/markdown/document';
import { documents, drawn } from './documents';
import { markupOf, place, shownOf } from './page';

/** Where the text stands after each delta of some characters. */
function steps(text: string, seed: number, longest: number): number[] {
    const next = drawn(seed);
    const ends: number[] = [];
    for (let end = 0; end < text.length;) {
        end = Math.min(text.length, end + 1 + Math.floor(next() * longest));
        ends.push(end);
    }
    return ends;
}

describe.each(Object.entries(documents))('%s, shown bit by bit', (name, text) => {
    it('ends as when it is shown at once, wherever it ends', () => {
        for (const [index, end] of steps(text, 7, 60).entries()) {
            const part = text.slice(0, end);
            const page = place();
            for (const at of steps(part, index, 25)) page.show(part.slice(0, at), true);
            page.show(part, false);
            expect(page.markup()).toBe(markupOf(part));
            page.end();
        }
    });

    it('looks while it grows as if it had been read from the beginning', () => {
        for (const longest of [1, 5, 40]) {
            const growing = new MarkdownDocument(false);
            for (const end of steps(text, longest, longest)) {
                const part = text.slice(0, end);
                expect(growing.update(part, true)).toEqual(new MarkdownDocument(false).update(part, true));
            }
        }
    });

    it('keeps the elements of what is finished', () => {
        const page = place();
        const finished = new Map<Element, string>();
        for (const end of steps(text, 3, 12)) {
            page.show(text.slice(0, end), true);
            const blocks = [...page.one('.markdown').children];
            // All but the last two: the one that is written, and one that a further line may still belong to.
            for (const block of blocks.slice(0, -2)) {
                if (!finished.has(block)) finished.set(block, '');
            }
        }
        const last = new Set(page.one('.markdown').children);
        const lost = [...finished.keys()].filter((block) => !last.has(block));
        page.show(text, false);
        const ended = new Set(page.one('.markdown').children);
        expect([...last].filter((block) => !ended.has(block))).toEqual([]);
        // Lists whose items turned out to stand apart, and what raw HTML swallowed, are other blocks than they seemed.
        expect(lost.length).toBeLessThanOrEqual(2);
        page.end();
    });

    it('never moves back to another kind of block in its last line', () => {
        const flicker: string[] = [];
        const page = place();
        let before: string[] = [];
        for (let end = 1; end <= text.length; end++) {
            page.show(text.slice(0, end), true);
            const kinds = [...page.one('.markdown').children].map(({ tagName }) => tagName);
            const kept = kinds.slice(0, before.length).every((kind, index) => kind === before[index]);
            if (!kept || kinds.length < before.length) flicker.push(text.slice(0, end));
            before = kinds;
        }
        page.end();
        const expected = expectedChanges[name] ?? [];
        expect(flicker.map((part, index) => part.slice(-(expected[index]?.length ?? 20)))).toEqual(expected);
    });
});

// What cannot be known before: a line below makes a heading of a paragraph, or no table of what began like one, and a
// colon a definition of what began like a link. By the last characters at which it happens.
const expectedChanges: Record<string, string[]> = {
    prose: ['=\n', '-\n'],
    tables: ['|\n\n'],
    references: ['[one]:', '[2]:', '[three]:'],
};

describe('the end of a text that is being written', () => {
    it.each([
        ['**bol', '<strong>bol</strong>'],
        ['a **bold*', 'a <strong>bold</strong>'],
        ['a **', 'a '],
        ['a *lean', 'a <em>lean</em>'],
        ['a ***both', 'a <em><strong>both</strong></em>'],
        ['a **b *c', 'a <strong>b <em>c</em></strong>'],
        ['a ~~gone', 'a <del>gone</del>'],
        ['2 * 3', '2 * 3'],
        ['5*3 is', '5*3 is'],
        ['snake_case', 'snake_case'],
        ['a `co', 'a <code dir="auto">co</code>'],
        ['a ``co`', 'a <code dir="auto">co</code>'],
        ['a `', 'a '],
        ['a [label', 'a label'],
        ['a [label]', 'a label'],
        ['a [label](https://exa', 'a label'],
        ['a [label](https://exa "ti', 'a label'],
        ['a [**label', 'a <strong>label</strong>'],
        ['a ![alt](https://e', 'a alt'],
        ['an \\*escaped', 'an *escaped'],
    ])('%j is shown as if it were whole', (text, markup) => {
        const page = shownOf(text, true);
        expect(page.markup('p').trimEnd()).toBe(markup.trimEnd());
        page.end();
    });

    it.each([
        'text\n-',
        'text\n--',
        'text\n1.',
        'text\n#',
        'text\n=',
        'text\n>',
        'text\n``',
        'text\n|',
        'text\n12',
        'text\n* ',
        'text\n- [',
        'text\n- [x] ',
    ])('waits with a line of marks alone: %j', (text) => {
        const page = shownOf(text, true);
        expect(page.markup()).toBe(shownOf('text\n', true).markup());
        page.end();
    });

    it('does not wait any more when the text is over', () => {
        const page = place();
        page.show('text\n\n12', true);
        expect(page.root.textContent).toBe('text');
        page.show('text\n\n12', false);
        expect(page.root.textContent).toBe('text12');
        page.end();
    });

    it('shows a table from its header on', () => {
        for (const text of [
            '| a | b',
            '| a | b |\n',
            '| a | b |\n|--',
            '| a | b |\n|---|:-',
            '| a | b |\n|---|---|\n|',
        ]) {
            const page = shownOf(text, true);
            expect(page.all('th').map((cell) => cell.textContent)).toEqual(['a', 'b']);
            page.end();
        }
    });

    it('shows no part of the closing fence as code', () => {
        for (const text of ['```\na\n`', '```\na\n``', '```\na\n```']) {
            const page = shownOf(text, true);
            expect(page.one('pre').textContent).toBe('a');
            page.end();
        }
    });

    it('shows marks in code as they come', () => {
        const page = shownOf('```\na\n-', true);
        expect(page.one('pre').textContent).toBe('a\n-');
        page.end();
    });

    it('makes links of references when their address comes', () => {
        const page = place();
        page.show('See [one].\n\nText.\n\nMore', true);
        expect(page.all('a')).toEqual([]);
        page.show('See [one].\n\nText.\n\nMore\n\n[one]: https://example.org/\n\nOn', true);
        expect(page.one('a').getAttribute('href')).toBe('https://example.org/');
        page.end();
    });
});

describe('a growing text', () => {
    it('is read again only from its last blocks on', () => {
        const paragraph = `${'word '.repeat(40).trim()}.\n\n- item **one**\n- item two\n\n`;
        const text = paragraph.repeat(200);
        const document = new MarkdownDocument(false);
        let most = 0;
        for (let end = 0; end < text.length; end += 37) {
            document.update(text.slice(0, end), true);
            most = Math.max(most, document.lastRead);
        }
        expect(most).toBeLessThan(3 * paragraph.length);
    });

    it('draws a finished block no more', () => {
        const drawn = vi.spyOn(BlockView.prototype, 'render');
        const page = place();
        const text = 'A paragraph.\n\n'.repeat(20);
        for (let end = 1; end <= text.length; end++) page.show(text.slice(0, end), true);
        page.show(text);
        expect(drawn.mock.calls.length).toBeLessThan(1.2 * text.length);
        drawn.mockRestore();
        page.end();
    });

    it('that is one list reads each of its items once', () => {
        const text = Array.from(
            { length: 300 },
            (_, index) => `- item *${index}* of [many](https://example.org/)\n`,
        ).join('');
        const document = new MarkdownDocument(false);
        let most = 0;
        for (let end = 0; end < text.length; end += 37) {
            document.update(text.slice(0, end), true);
            most = Math.max(most, document.lastWork);
        }
        expect(most).toBeLessThan(5_000);
    });

    it('may begin anew with another one', () => {
        const page = place();
        page.show('one\n\ntwo\n\nthree\n', true);
        page.show('other\n\ntext', true);
        expect(page.markup()).toBe(markupOf('other\n\ntext', true));
        page.end();
    });

    it('may have lines that end as on Windows, cut between their two characters', () => {
        const text = 'one\r\n\r\n- a\r\n- b\r\n\r\ntwo\r\n';
        const page = place();
        for (let end = 1; end <= text.length; end++) page.show(text.slice(0, end), true);
        page.show(text);
        expect(page.markup()).toBe(markupOf(text.replaceAll('\r', '')));
        page.end();
    });

    it('keeps a selection in what is finished', () => {
        const page = place();
        page.show('first words\n\nsecond\n\nthird', true);
        const text = page.all('p')[0]?.firstChild;
        if (text == null) throw new Error('There is no text.');
        getSelection()?.setBaseAndExtent(text, 0, text, 5);
        page.show('first words\n\nsecond\n\nthird and **on**\n\nand on', true);
        page.show('first words\n\nsecond\n\nthird and **on**\n\nand on.', false);
        expect(getSelection()?.toString()).toBe('first');
        page.end();
    });
});
