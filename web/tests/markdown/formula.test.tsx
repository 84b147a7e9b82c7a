import { act } from 'preact/test-utils';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { mathRenderer } from '../../src/markdown/formula';
import { maxFormula } from '../../src/markdown/limits';
import { place, shownOf, type Shown } from './page';

let page: Shown;
afterEach(() => page.end());

const loaded = () =>
    act(async () => {
        await vi.waitUntil(() => mathRenderer.loaded.value !== null, { timeout: 20_000 });
    });

async function show(text: string): Promise<void> {
    page = shownOf(text);
    await loaded();
}

const mathNamespace = 'http://www.w3.org/1998/Math/MathML';

describe('a formula', () => {
    it('is its source until it can be drawn, and then MathML', async () => {
        page = shownOf('so $x^2$ is');
        expect(page.one('code.formula-source').textContent).toBe('$x^2$');
        await loaded();
        expect(page.all('code')).toEqual([]);
        expect(page.one('.formula math').namespaceURI).toBe(mathNamespace);
        expect(page.one('msup').namespaceURI).toBe(mathNamespace);
        expect(page.one('annotation').textContent).toBe('x^2');
    });

    it.each([
        ['\\mathbb{RCNZQPHA1k}', 'ℝℂℕℤℚℙℍ𝔸𝟙𝕜'],
        ['\\mathcal{LBEFHIMRA}', 'ℒℬℰℱℋℐℳℛ𝒜'],
        ['\\mathfrak{gACHIRZ}', '𝔤𝔄ℭℌℑℜℨ'],
        ['\\mathbf{vAz09\\Gamma}', '𝐯𝐀𝐳𝟎𝟗𝚪'],
        ['\\boldsymbol{x\\alpha}', '𝒙𝜶'],
        ['\\mathsf{aZ5}\\mathtt{b7}', '𝖺𝖹𝟧𝚋𝟽'],
        ['\\mathrm{d}x', 'dx'],
        ['\\mathbf{3.5}', '𝟑.𝟓'],
    ])('has the letters of a style as characters: %s', async (tex, letters) => {
        await show(`$${tex}$`);
        const symbols = page.all('mi, mn').filter(({ childElementCount }) => childElementCount === 0);
        expect(symbols.map(({ textContent }) => textContent).join('')).toBe(letters);
        expect(page.one('annotation').textContent).toBe(tex);
    });

    it.each([
        ['$x$', 'x', false],
        ['a \\(x*y*z\\) b', 'x*y*z', false],
        ['a $$x$$ b', 'x', true],
        ['a \\[x\\] b', 'x', true],
        ['$$x$$', 'x', true],
        ['\\[\nx\n\\]', 'x', true],
        ['$$\na\n+ b\n- c\n= d\n> e\n$$', 'a + b - c = d > e', true],
        ['text\n$$\nx\n$$\ntext', 'x', true],
        ['- $$\n  x\n  $$', 'x', true],
        ['> \\[ x \\]', 'x', true],
        ['|a|\n|-|\n|$x$|', 'x', false],
        ['**$x$**', 'x', false],
        ['其中$x$是', 'x', false],
        ['($x$)', 'x', false],
        ['$5$', '5', false],
        ['$2 + 3 = 5$', '2 + 3 = 5', false],
    ])('is found in %j', async (text, tex, display) => {
        await show(text);
        expect(page.one('math').getAttribute('display')).toBe(display ? 'block' : null);
        expect(page.all('.formula-display')).toHaveLength(display ? 1 : 0);
        if (!tex.includes('#'))
            expect(page.one('annotation').textContent.trim().replaceAll('\n', ' ')).toBe(tex);
    });

    it.each([
        'It costs $5 and $6.',
        '$5, $6 and $7',
        'US$5 and US$6',
        '$5-$6',
        '$20, you have 30$, fine',
        'I have $20 and 30$ too',
        '$HOME and $PATH',
        'a $ b $ c',
        '$$',
        '$$$$',
        '\\$x\\$',
        '`$x$` and `\\(x\\)`',
        '$ x$ and $x $',
        '$never closed',
        '\\(never closed',
        '$$\nnever\n\nclosed$$',
        '$a `b$ c`',
    ])('is none in %j', async (text) => {
        await show(text);
        expect(page.all('math, .formula-source')).toEqual([]);
    });

    it('keeps what is emphasis around it', async () => {
        await show('*a $b*c$ d*');
        expect(page.one('em annotation').textContent).toBe('b*c');
    });

    it.each(['$\\frac{1}$', '$x^$', '$}$', '$\\begin{matrix} a$'])(
        'that is wrong is shown as its source: %s',
        async (text) => {
            await show(text);
            expect(page.one('code.formula-source').textContent).toBe(text);
            expect(page.all('math')).toEqual([]);
        },
    );

    it.each([
        ['an endless macro', '$\\def\\a{\\a\\a}\\a$'],
        ['fractions in fractions', `$${'\\frac{1}{'.repeat(200)}x${'}'.repeat(200)}$`],
        ['roots in roots', `$${'\\sqrt{'.repeat(400)}x${'}'.repeat(400)}$`],
    ])('of %s is its source', async (_, text) => {
        await show(text);
        expect(page.all('math')).toEqual([]);
        expect(page.root.textContent).toBe(text);
    });

    it('that is very long is text', async () => {
        await show(`$${'x'.repeat(maxFormula + 1)}$`);
        expect(page.all('math, code')).toEqual([]);
    });

    it.each([
        '$\\href{https://evil.example}{x}$',
        '$\\url{javascript:alert(1)}$',
        '$\\includegraphics{https://evil.example/x.png}$',
        '$\\htmlId{page}{x}$',
        '$\\htmlStyle{position:fixed}{x}$',
        '$\\htmlClass{button}{x}$',
        '$\\fcolorbox{red}{blue}{x}$',
        '$\\pmb{x}$',
        '$\\color{red;background:url(//evil.example)}x$',
    ])('makes no link, image, name or style: %s', async (text) => {
        await show(text);
        expect(page.all('a, img, [href], [src], [id], [style], mglyph, .button')).toEqual([]);
    });

    it('limits sizes', async () => {
        await show('$\\rule{500em}{500em}$');
        expect(page.markup()).not.toContain('500em"');
    });

    it('aligns the columns of its tables by class', async () => {
        await show('$$\\begin{aligned} x &= 1 \\\\ yy &= 2 \\end{aligned}$$');
        expect(page.all('mtd').map((cell) => cell.getAttribute('class'))).toEqual([
            'math-right',
            'math-left',
            'math-right',
            'math-left',
        ]);
    });

    it('in a text that is being written is its source until it ends', async () => {
        await show('x');
        const growing = place();
        for (const text of ['so \\(x', 'so \\(x + y', 'so $$x_', 'so $x_1', '$$\nx', '\\[\nx\n\\']) {
            growing.show(text, true);
            expect(growing.all('math')).toEqual([]);
            expect(growing.one('code.formula-source').textContent).toBe(text.replace('so ', ''));
        }
        growing.show('so \\(x + y\\)', true);
        expect(growing.all('math')).toHaveLength(1);
        growing.end();
    });
});
