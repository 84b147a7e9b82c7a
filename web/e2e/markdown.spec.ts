// Streamed Markdown that renders smoothly: code with highlighting and a copy button, tables, math.
import { expect, test } from './support/fixtures';
import { script } from './support/script';

const code = 'const answer: number = 42; // why not\n';

test('Markdown is shown as what it means', async ({ ui }) => {
    const text =
        '# Head\n\nSome **bold**, *slanted*, ~~gone~~ and `code`.\n\n- one\n- two\n\n1. first\n\n> said\n\n[a link](https://example.org/x)';
    await ui.open();
    await ui.send(script({ tokens: text.split(/(?<= )/) }));
    const reply = ui.reply;
    await expect(reply.getByRole('heading', { name: 'Head' })).toBeVisible();
    await expect(reply.locator('strong')).toHaveText('bold');
    await expect(reply.locator('em')).toHaveText('slanted');
    await expect(reply.locator('del, s')).toHaveText('gone');
    await expect(reply.locator('code')).toHaveText('code');
    await expect(reply.getByRole('listitem')).toHaveText(['one', 'two', 'first']);
    await expect(reply.getByRole('blockquote')).toHaveText('said');
    const link = reply.getByRole('link', { name: 'a link' });
    await expect(link).toHaveAttribute('href', 'https://example.org/x');
    await expect(link).toHaveAttribute('rel', /noopener|noreferrer/);
    await expect(link).toHaveAttribute('target', '_blank');
});

test('code is highlighted in its language, and copied as it was written', async ({ ui, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await ui.open();
    await ui.send(script({ tokens: ['Look:\n\n```ts\n', code, '```\n'] }));
    const block = ui.reply.locator('pre');
    await expect(block).toContainText(code.trim());
    await expect(block.locator('code span[class*=hljs]').first()).toBeVisible();
    const colours = await block
        .locator('code span')
        .evaluateAll((all) => all.map((one) => getComputedStyle(one).color));
    expect(new Set(colours).size, 'colours of highlighted code').toBeGreaterThan(1);
    await ui.reply.getByRole('button', { name: /copy/i }).click();
    await expect.poll(() => ui.page.evaluate(() => navigator.clipboard.readText())).toBe(code.trimEnd());
});

test('code is copied line by line where the browser has no clipboard, as without TLS', async ({
    ui,
    page,
}) => {
    await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
    await ui.open();
    await ui.send(script({ tokens: ['Look:\n\n```ts\n', code, '```\n'] }));
    await expect(ui.reply.locator('pre')).toContainText(code.trim());
    await ui.reply.getByRole('button', { name: /copy/i }).click();
    await ui.composer.press('Control+V');
    await expect(ui.composer).toHaveValue(code.trimEnd());
});

test('highlighting and math are loaded when they are needed, not before', async ({ ui, page }) => {
    const scripts: string[] = [];
    page.on('request', (request) => {
        if (/\.(js|woff2)$/.test(new URL(request.url()).pathname)) scripts.push(request.url());
    });
    await ui.open();
    await ui.send(script({ tokens: ['plain'] }));
    await expect(ui.reply).toHaveText('plain');
    const marks = ['hljs', 'munderover']; // a word of the one and of the other
    for (const url of new Set(scripts)) {
        const text = await (await page.request.get(url)).text();
        for (const mark of marks) expect(text.includes(mark), `${mark} in ${url}`).toBe(false);
    }
    const before = scripts.length;
    await expect(ui.stopButton).toHaveCount(0);
    await ui.send(script({ tokens: ['```ts\n', code, '```\n\n$x^2$'] }));
    await expect(ui.reply.locator('math')).toBeVisible();
    await expect(ui.reply.locator('code span[class*=hljs]').first()).toBeVisible();
    expect(scripts.length).toBeGreaterThan(before);
});

test('a table is a table', async ({ ui }) => {
    await ui.open();
    await ui.send(
        script({ tokens: ['| Name | Count |\n|---|---:|\n', '| apples | 3 |\n', '| pears | 5 |\n'] }),
    );
    await expect(ui.reply.getByRole('columnheader')).toHaveText(['Name', 'Count']);
    await expect(ui.reply.getByRole('row')).toHaveCount(3);
    await expect(ui.reply.getByRole('cell', { name: '5' })).toHaveCSS('text-align', /right|end/);
});

test('math is set, in a line and by itself, and can be read by a screen reader', async ({ ui }) => {
    await ui.open();
    await ui.send(script({ tokens: ['Euler: $e^{i\\pi}+1=0$.\n\n$$\\int_0^1 x\\,dx = \\frac12$$\n'] }));
    await expect(ui.reply.locator('math')).toHaveCount(2);
    await expect(ui.reply.locator('math[display=block]')).toHaveCount(1);
    await expect(ui.reply.locator('annotation').first()).toHaveText('e^{i\\pi}+1=0');
});

test('what costs 5 dollars is no formula', async ({ ui }) => {
    await ui.open();
    await ui.send(script({ tokens: ['It costs $5 or $6 today.'] }));
    await expect(ui.reply).toHaveText('It costs $5 or $6 today.');
});

test.describe('while it is written', () => {
    test.use({ speaks: true });

    test('an unfinished piece never shows its marks for long, and what stands is not made anew', async ({
        ui,
        upstream,
    }) => {
        await ui.open();
        await ui.send('Stream, please.');
        const asked = await upstream.next();
        asked.say('A first paragraph.\n\nA second with **bold');
        await expect(ui.reply).toContainText('A second with bold');
        await expect(ui.reply).not.toContainText('*');
        await ui.reply
            .locator('p')
            .first()
            .evaluate((node) => node.setAttribute('data-seen', 'yes'));
        asked.say(' words** in it.\n\n```py\nprint(');
        await expect(ui.reply.locator('strong')).toHaveText('bold words');
        await expect(ui.reply.locator('pre')).toContainText('print(');
        asked.say('1)\n```\n\nThe end.');
        await expect(ui.reply).toContainText('The end.');
        await expect(ui.reply).not.toContainText('```');
        // The same element as before: it can keep a selection, and nothing flickers.
        await expect(ui.reply.locator('p[data-seen=yes]')).toHaveText('A first paragraph.');
        asked.end();
        await expect(ui.stopButton).toHaveCount(0);
        await expect(ui.reply.locator('p[data-seen=yes]')).toHaveText('A first paragraph.');
    });

    test('the end stays in sight, unless one has scrolled up to read', async ({ ui, upstream }) => {
        await ui.open();
        await ui.send('A long one.');
        const asked = await upstream.next();
        asked.say(Array.from({ length: 60 }, (_, n) => `Paragraph ${n}.\n\n`).join(''));
        await expect(ui.reply.getByText('Paragraph 59.')).toBeInViewport();
        await ui.page.mouse.move(700, 300);
        await ui.page.mouse.wheel(0, -900);
        await expect(ui.reply.getByText('Paragraph 59.')).not.toBeInViewport();
        asked.say('And more.\n\nLast.');
        await expect(ui.reply).toContainText('Last.');
        await expect(ui.reply.getByText('Last.')).not.toBeInViewport();
        await ui.button('To the latest').click();
        await expect(ui.reply.getByText('Last.')).toBeInViewport();
        asked.say(Array.from({ length: 30 }, (_, n) => `\n\nLine ${n}.`).join(''));
        await expect(ui.reply.getByText('Line 29.')).toBeInViewport();
        asked.end();
    });

    test('one can scroll up while it pours', async ({ ui, upstream, page }) => {
        await ui.open();
        await ui.send('A fast one.');
        const asked = await upstream.next();
        asked.say(Array.from({ length: 60 }, (_, n) => `Paragraph ${n}.\n\n`).join(''));
        await expect(ui.reply.getByText('Paragraph 59.')).toBeInViewport();
        const poured = asked.pour('word '.repeat(300), 100);
        await page.mouse.move(700, 300);
        await page.mouse.wheel(0, -700);
        await expect(ui.reply.getByText('Paragraph 59.')).not.toBeInViewport();
        await poured;
        asked.end();
        await expect(ui.stopButton).toHaveCount(0);
        await expect(ui.reply.getByText('Paragraph 59.')).not.toBeInViewport();
        await expect(ui.button('To the latest')).toBeVisible();
    });
});
