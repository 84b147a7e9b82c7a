import { afterEach, describe, expect, it } from 'vitest';

import { shownOf, type Shown } from './page';

let page: Shown;
function show(text: string, role: 'assistant' | 'user' = 'assistant'): Shown {
    page = shownOf(text, false, role);
    return page;
}
afterEach(() => page.end());

describe('what Markdown makes', () => {
    it('begins headings with the third level', () => {
        show('# One\n\n## Two\n\n### Three\n\n#### Four\n\n##### Five\n\n###### Six');
        expect(page.all('h3, h4, h5, h6').map((h) => `${h.tagName} ${h.textContent}`)).toEqual([
            'H3 One',
            'H4 Two',
            'H5 Three',
            'H6 Four',
            'H6 Five',
            'H6 Six',
        ]);
        expect(page.all('h1, h2')).toEqual([]);
    });

    it('draws emphasis, strikes and code in a line', () => {
        show('**bold** *leaning* and ***both*** ~~gone~~ `a < b && c`');
        expect(page.one('p > strong').textContent).toBe('bold');
        expect(page.all('p > em')[0]?.textContent).toBe('leaning');
        expect(page.one('em strong').textContent).toBe('both');
        expect(page.one('del').textContent).toBe('gone');
        expect(page.one('code').textContent).toBe('a < b && c');
    });

    it('nests lists, and starts numbers where the text does', () => {
        show('3. three\n4. four\n   - inner\n     - innermost\n5. five');
        expect(page.one('ol').getAttribute('start')).toBe('3');
        expect(page.all('ol > li')).toHaveLength(3);
        expect(page.one('ol ul ul').textContent).toBe('innermost');
    });

    it('shows tasks as boxes that cannot be ticked, with their text as label', () => {
        show('- [x] done **well**\n- [ ] open');
        const boxes = page.all('li.task input') as HTMLInputElement[];
        expect(boxes.map(({ type, checked, disabled }) => [type, checked, disabled])).toEqual([
            ['checkbox', true, true],
            ['checkbox', false, true],
        ]);
        expect(boxes.map(({ labels }) => labels?.[0]?.textContent.trim())).toEqual(['done well', 'open']);
    });

    it('labels tasks whose items stand apart', () => {
        show('- [x] done\n\n  more\n\n- [ ] open');
        expect(page.all('li.task label').map((label) => label.textContent.trim())).toEqual(['done', 'open']);
        expect(page.one('li.task > p').textContent).toBe('more');
    });

    it('draws quotes, rules and hard breaks', () => {
        show('> said\n> > before\n\n---\n\none  \ntwo\\\nthree');
        expect(page.one('blockquote blockquote').textContent).toBe('before');
        expect(page.all('hr')).toHaveLength(1);
        expect(page.all('br')).toHaveLength(2);
    });

    it('keeps the lines of what a person wrote, and joins those of a model', () => {
        show('one\ntwo', 'user');
        expect(page.all('br')).toHaveLength(1);
        page.end();
        show('one\ntwo');
        expect(page.all('br')).toHaveLength(0);
    });

    it('resolves character references outside of code', () => {
        show('&lt;b&gt; &copy; &#228; &#x1F600; &unknown; &#0; `&lt;`');
        expect(page.root.textContent).toBe('<b> © ä 😀 &unknown; \ufffd &lt;');
    });

    it('shows HTML as text, in a line and as a block', () => {
        show('a <b>bold</b> <br> word\n\n<div class="x">\n  <i>line</i>\n</div>');
        expect(page.all('b, i, br, div.x')).toEqual([]);
        expect(page.all('p').map((p) => p.textContent)).toEqual([
            'a <b>bold</b> <br> word',
            '<div class="x">\n  <i>line</i>\n</div>',
        ]);
    });

    it('reads Markdown between tags, and addresses behind an unclosed one', () => {
        show('<u>**a**</u> <a href="x"> https://example.org/');
        expect(page.one('strong').textContent).toBe('a');
        expect(page.one('a').getAttribute('href')).toBe('https://example.org/');
    });

    it('says for each block from which side it reads', () => {
        show('hello\n\nשלום\n\n- אחת\n- two\n\n> مرحبا\n\n# title');
        expect(page.all('p, h3').every((block) => block.dir === 'auto')).toBe(true);
        expect(page.one('ul').dir).toBe('rtl');
        expect(page.one('blockquote').dir).toBe('rtl');
    });

    it('shows nothing for nothing', () => {
        show('');
        expect(page.one('.markdown').childNodes).toHaveLength(0);
    });
});

describe('a table', () => {
    const source =
        '| Name | Left | Middle | Right |\n|---|:--|:-:|--:|\n| *a* | b | c<br>d | `e\\|f` |\n| short |';

    it('is in a region of its own that scrolls by keys and is named', () => {
        show(source);
        const region = page.one('.table-scroll');
        expect(region.getAttribute('role')).toBe('region');
        expect(region.tabIndex).toBe(0);
        expect(region.getAttribute('aria-label')).toBe('Table: Name, Left, Middle, Right');
    });

    it('aligns by class, without a style', () => {
        show(source);
        expect(page.all('th').map(({ className }) => className)).toEqual([
            '',
            'align-left',
            'align-center',
            'align-right',
        ]);
        expect(page.all('[style]')).toEqual([]);
    });

    it('reads what is in its cells, where a <br> is a new line', () => {
        show(source);
        expect(page.one('td em').textContent).toBe('a');
        expect(page.one('td code').textContent).toBe('e|f');
        expect(page.all('td br')).toHaveLength(1);
        expect(page.all('tbody tr')).toHaveLength(2);
        expect(page.all('tbody tr:last-child td')).toHaveLength(4);
    });
});
