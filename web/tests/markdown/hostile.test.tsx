import { describe, expect, it, vi } from 'vitest';

import { place, shownOf } from './page';

const corpus = [
    '<script>alert(1)</script>',
    '<SCRIPT SRC=//evil.example/x.js></SCRIPT>',
    'a <script>alert(1)</script> b',
    '<img src=x onerror=alert(1)>',
    '<img src="x" onerror="alert(1)"',
    '<svg onload=alert(1)><script>alert(1)</script></svg>',
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    '<math><mtext><style><img src onerror=alert(1)></style></mtext></math>',
    '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    '<base href="https://evil.example/">',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<object data="data:text/html,x"></object><embed src=x>',
    '<form action="https://evil.example"><input name=key><button>ok</button></form>',
    '<style>* { display: none }</style>',
    '<link rel=stylesheet href=//evil.example/x.css>',
    '<a href="javascript:alert(1)" style="position:fixed;inset:0">x</a>',
    '<details open ontoggle=alert(1)>',
    '<!-- --><script>alert(1)</script>',
    '<!--><img src=x onerror=alert(1)>',
    '<![CDATA[<script>alert(1)</script>]]>',
    '<?php echo "<script>"; ?>',
    '[x](javascript:alert(1)) ![y](javascript:alert(1))',
    '[x](<javascript:alert(1)> "\' onmouseover=alert(1)")',
    '[x](https://a.example/" onclick="alert(1))',
    '![" onerror="alert(1)](https://a.example/x.png)',
    '![x](data:image/png;base64,AAAA" onerror="alert(1))',
    '```html onmouseover=alert(1)\n<script>alert(1)</script>\n```',
    '```"><script>alert(1)</script>\n</code></pre><script>alert(1)</script>\n```',
    '| a | <script>alert(1)</script> |\n|---|---|\n| <img src=x onerror=alert(1)> | [x](javascript:1) |',
    '$\\href{javascript:alert(1)}{x}$ $\\htmlStyle{position:fixed}{x}$ $$\\includegraphics{https://evil.example/x}$$',
    '$\\unicode{<script>}$ $<script>alert(1)</script>$',
    '- <script>\n  - <img src=x onerror=alert(1)>',
    '&lt;script&gt;alert(1)&lt;/script&gt; &#60;script&#62;',
    '<scr\0ipt>alert(1)</scr\0ipt>',
    '[a]: javascript:alert(1)\n\n[a] [x][a] ![y][a]',
    '\u202e<script>\u202c',
    '<details>\n<summary>x</summary>\n\n<script>alert(1)</script>\n</details>',
];

const forbidden =
    'script, style, iframe, object, embed, form, meta, base, link, svg, details, input:not([disabled]), img:not([src^="data:image/"])';

describe('hostile text', () => {
    it.each(corpus)('makes nothing that runs, loads or covers: %j', (text) => {
        for (const streaming of [false, true]) {
            for (let end = streaming ? 1 + (text.length % 3) : text.length; end <= text.length; end += 3) {
                const page = shownOf(text.slice(0, end), streaming);
                expect(page.all(forbidden)).toEqual([]);
                for (const element of page.all('*')) {
                    const names = element.getAttributeNames();
                    expect(
                        names.filter((name) => name.startsWith('on') || name === 'style' || name === 'id'),
                    ).toEqual([]);
                    for (const name of ['href', 'src', 'xlink:href', 'action', 'data', 'srcdoc']) {
                        const value = element.getAttribute(name);
                        if (value !== null)
                            expect(value).toMatch(/^(?:https?:\/\/|mailto:|data:image\/png;base64,)/);
                    }
                }
                page.end();
            }
        }
    });

    it('is shown, not dropped', () => {
        const page = shownOf('<script>alert("x")</script>\n\nafter <img src=x onerror=alert(1)>');
        expect(page.root.textContent).toContain('<script>alert("x")</script>');
        expect(page.root.textContent).toContain('<img src=x onerror=alert(1)>');
        page.end();
    });

    it.each([
        ['an open fence', '```js\nlet a = 1;\n\n# no heading'],
        ['a fence in a fence', '````\n```\ninner\n```\n````\n\nafter'],
        ['fences of two kinds', '~~~\n```\n~~~\nafter'],
        ['a table without its end', '| a | b |\n|---|---|\n| 1 | **2'],
        ['a table of uneven rows', '| a |\n|---|\n| 1 | 2 | 3 |\n||\n|'],
        ['emphasis without its end', '**a *b ~~c `d'],
        ['a link without its end', '[a](https://exa'],
        ['half of a pair', 'a\ud800b `\udc00`'],
    ])('holds out %s', (_, text) => {
        for (const streaming of [true, false]) {
            const page = shownOf(text, streaming);
            expect(page.root.textContent).not.toBe('');
            page.end();
        }
    });

    it('shows a fence that is open as code from its first line on', () => {
        const page = shownOf('```js\nlet a', true);
        expect(page.one('pre code').textContent).toBe('let a');
        page.end();
    });
});

describe('control characters', () => {
    it.each(['\u202a', '\u202b', '\u202c', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068', '\u2069'])(
        'of direction are visible (%j)',
        (mark) => {
            const page = shownOf(
                `a${mark}b \`c${mark}d\` [e${mark}f](https://a.example/)\n\n\`\`\`\ng${mark}h\n\`\`\`\n\n<i>${mark}</i>`,
            );
            expect(page.root.textContent).not.toContain(mark);
            expect(page.all('.direction-mark')).toHaveLength(5);
            const code = `U+${mark.charCodeAt(0).toString(16).toUpperCase()}`;
            expect(page.all('.direction-mark')[0]?.getAttribute('aria-label')).toBe(
                `Control character ${code}`,
            );
            expect(
                page
                    .all('[title], [alt], [aria-label]')
                    .map((e) => e.outerHTML)
                    .join(''),
            ).not.toContain(mark);
            page.end();
        },
    );

    it('that stand as references are visible, too', () => {
        const page = shownOf('a&#x202e;b');
        expect(page.one('.direction-mark').textContent).toBe('RLO');
        page.end();
    });

    it('of direction in titles and names of images are replaced', () => {
        const page = shownOf('[a](https://a.example/ "x\u202ey") ![z\u202e](data:image/png;base64,AAAA)');
        expect(page.one('a').title).toBe('x\ufffdy');
        expect(page.one('img').getAttribute('alt')).toBe('z\ufffd');
        page.end();
    });

    it('of no meaning are replaced', () => {
        const page = shownOf('a\0b `c\0d`');
        expect(page.root.textContent).toBe('a\ufffdb c\ufffdd');
        page.end();
    });
});

describe('what cannot be read', () => {
    it('is plain text', async () => {
        const { Lexer } = await import('marked');
        const broken = vi.spyOn(Lexer.prototype, 'blockTokens').mockImplementation(() => {
            throw new RangeError('Maximum call stack size exceeded');
        });
        const page = place();
        page.show('**a**\nb');
        broken.mockRestore();
        expect(page.one('p.markdown-plain').textContent).toBe('**a**\nb');
        page.end();
    });
});
