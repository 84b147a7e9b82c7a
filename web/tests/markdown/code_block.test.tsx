import { act } from 'preact/test-utils';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { highlighter } from '../../src/markdown/highlighting';
import { maxColoured } from '../../src/markdown/limits';
import { place, type Shown } from './page';

let page: Shown;
beforeAll(async () => {
    highlighter.want();
    await vi.waitUntil(() => highlighter.loaded.value !== null, { timeout: 20_000 });
});
beforeEach(() => {
    vi.useFakeTimers();
    page = place();
});
afterEach(() => {
    page.end();
    vi.useRealTimers();
});

const pass = (ms: number) =>
    act(async () => {
        await vi.advanceTimersByTimeAsync(ms);
    });
const code = 'const a = "x"; // <b>';
const fenced = (text: string, info = 'js') => `\`\`\`${info}\n${text}\n\`\`\``;

describe('a block of code', () => {
    it('names its language, or says that it is code', () => {
        page.show(fenced(code, 'c++ title=x'));
        expect(page.one('.code-language').textContent).toBe('c++');
        expect(page.one('pre').getAttribute('aria-label')).toBe('Code, c++');
        page.show(fenced(code, ''));
        expect(page.one('.code-language').textContent).toBe('Code');
        expect(page.one('pre').getAttribute('aria-label')).toBe('Code');
    });

    it('scrolls by keys, and reads from the left', () => {
        page.show(fenced('# שלום'));
        expect(page.one('pre').tabIndex).toBe(0);
        expect(page.one('.code-block').dir).toBe('ltr');
    });

    it('gets its colours after it is shown', async () => {
        page.show(fenced(code));
        expect(page.all('.hljs-keyword')).toEqual([]);
        expect(page.one('pre').textContent).toBe(code);
        await pass(0);
        expect(page.one('.hljs-keyword').textContent).toBe('const');
        expect(page.one('.hljs-string').textContent).toBe('"x"');
        expect(page.one('.hljs-comment').textContent).toBe('// <b>');
        expect(page.one('pre').textContent).toBe(code);
    });

    it('knows languages by their other names, in any case', async () => {
        page.show(fenced('def f(): pass', 'Py'));
        await pass(0);
        expect(page.one('.hljs-title').textContent).toBe('f');
    });

    it.each(['', 'nosuchlanguage', '__proto__', 'constructor'])(
        'has no colours in the language %j',
        async (info) => {
            page.show(fenced(code, info));
            await pass(1_000);
            expect(page.all('pre span')).toEqual([]);
            expect(page.one('pre').textContent).toBe(code);
        },
    );

    it('has no colours where it is very long', async () => {
        const text = 'const a = 1;\n'.repeat(maxColoured / 13 + 1).trimEnd();
        page.show(fenced(text));
        await pass(1_000);
        expect(page.all('[class^=hljs]')).toEqual([]);
        expect(page.one('pre').textContent).toBe(text);
    });

    it('is coloured four times a second at most while it is written', async () => {
        const highlight = vi.spyOn(
            highlighter.loaded.value ?? { highlight: () => ({ type: 'root' }) },
            'highlight',
        );
        let text = '```js\n';
        for (let frame = 0; frame < 60; frame++) {
            text += 'let a = 1;\n';
            page.show(text, true);
            await pass(16);
            expect(page.one('pre').textContent).toBe(text.slice(6, -1));
        }
        expect(highlight.mock.calls.length).toBeGreaterThanOrEqual(3);
        expect(highlight.mock.calls.length).toBeLessThanOrEqual(5);
        page.show(`${text}\`\`\``, false);
        await pass(0);
        expect(page.all('.hljs-keyword')).toHaveLength(60);
        highlight.mockRestore();
    });

    it('has marks of direction in coloured code, too', async () => {
        page.show(fenced('// a\u202eb'));
        await pass(0);
        expect(page.one('.hljs-comment .direction-mark').textContent).toBe('RLO');
    });

    it('keeps its element when its colours come and when its text is over', async () => {
        page.show('```js\nlet a', true);
        const pre = page.one('pre');
        await pass(300);
        page.show('```js\nlet a;\n```\n', true);
        page.show('```js\nlet a;\n```\n', false);
        await pass(0);
        expect(page.one('pre')).toBe(pre);
    });
});

describe('copying code', () => {
    const clipboardIs = (value: unknown) =>
        Object.defineProperty(navigator, 'clipboard', { value, configurable: true });
    const press = async () => {
        await act(async () => {
            page.one('.code-copy').click();
            await Promise.resolve();
        });
        await pass(0);
    };

    it('takes exactly the text, says so politely, and then no more', async () => {
        const writeText = vi.fn(() => Promise.resolve());
        clipboardIs({ writeText });
        page.show(fenced('  a\u202e <b>&amp;\n\n\tb  '));
        expect(page.one('button').getAttribute('aria-label')).toBe('Copy code');
        expect(page.one('button').textContent).toBe('Copy');
        await press();
        expect(writeText).toHaveBeenCalledWith('  a\u202e <b>&amp;\n\n\tb  ');
        expect(page.one('button').textContent).toBe('Copied');
        expect(page.one('[role=status]').textContent).toBe('Copied');
        await pass(2_000);
        expect(page.one('button').textContent).toBe('Copy');
        expect(page.one('[role=status]').textContent).toBe('');
    });

    it('works where the browser has no clipboard to write to, and keeps the focus', async () => {
        clipboardIs(undefined);
        let copied: string | undefined;
        const execCommand = vi.fn(() => {
            copied = (document.activeElement as HTMLTextAreaElement | null)?.value;
            return true;
        });
        Object.defineProperty(document, 'execCommand', { value: execCommand, configurable: true });
        page.show(fenced('a\nb'));
        page.one('.code-copy').focus();
        await press();
        expect(copied).toBe('a\nb');
        expect(page.one('[role=status]').textContent).toBe('Copied');
        expect(document.activeElement).toBe(page.one('.code-copy'));
        expect(document.querySelector('textarea')).toBeNull();
    });

    it('says when it did not work', async () => {
        clipboardIs(undefined);
        Object.defineProperty(document, 'execCommand', { value: () => false, configurable: true });
        page.show(fenced('a'));
        await press();
        expect(page.one('[role=status]').textContent).toBe('Could not copy');
    });
});
