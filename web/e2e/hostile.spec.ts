// Hostile Markdown never runs and never breaks the layout: as a reply while it streams, as a reply that is read later,
// and as what a user wrote.
import { expect, test } from './support/fixtures';
import { hostile } from './support/hostile';
import { overflow, whole } from './support/layout';
import type { Screen } from './support/screen';

test.use({ speaks: true, trace: 'off' }); // a trace copies the whole page at every step, and here it is large

/** Whatever should not be anywhere in the page, by what the browser made of it. */
async function dangers(ui: Screen): Promise<string[]> {
    return ui.page.evaluate(() => {
        const found: string[] = [];
        const main = document.querySelector('main') ?? document.body;
        for (const node of main.querySelectorAll('*')) {
            const name = node.localName;
            if (
                [
                    'script',
                    'iframe',
                    'object',
                    'embed',
                    'base',
                    'meta',
                    'link',
                    'style',
                    'form#location',
                    'frame',
                    'template',
                ].includes(name)
            )
                found.push(`<${name}>`);
            for (const { name: attribute, value } of node.attributes) {
                if (attribute.startsWith('on')) found.push(`${name} ${attribute}`);
                if (
                    ['href', 'src', 'action', 'formaction', 'xlink:href', 'data', 'srcdoc'].includes(
                        attribute,
                    )
                ) {
                    const scheme = new URL(value, location.href).protocol;
                    const fine =
                        ['http:', 'https:', 'mailto:'].includes(scheme) ||
                        (name === 'img' && ['data:', 'blob:'].includes(scheme));
                    if (!fine) found.push(`${name} ${attribute}=${value.slice(0, 60)}`);
                    if (
                        attribute === 'src' &&
                        !value.startsWith('data:') &&
                        new URL(value, location.href).origin !== location.origin
                    )
                        found.push(`${name} loads ${value.slice(0, 60)}`);
                }
            }
        }
        return found;
    });
}

async function expectLayoutWhole(ui: Screen, name: string): Promise<void> {
    const { page } = ui;
    expect(await overflow(page), name).toEqual(whole);
    await expect(ui.composer).toBeInViewport({ ratio: 1 });
}

test('as a reply that streams', async ({ ui, upstream }) => {
    test.setTimeout(90_000);
    ui.page.on('dialog', (dialog) => {
        ui.troubles.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
    });
    const address = () => ui.page.evaluate(() => location.origin + location.pathname);
    await ui.open();
    const before = await address();
    for (const { name, markdown } of hostile) {
        await test.step(name, async () => {
            const next = upstream.next();
            await ui.send(`Show ${name}`);
            const asked = await next;
            // In pieces, so that what is unfinished is shown as well.
            const size = Math.max(1, Math.ceil(markdown.length / 12));
            for (let at = 0; at < markdown.length; at += size) asked.say(markdown.slice(at, at + size));
            asked.say(`\n\nEnd of ${hostile.findIndex((one) => one.name === name)}.`);
            asked.end();
            await expect(ui.stopButton).toHaveCount(0);
            await expect(ui.composer).toBeEnabled();
            expect(await dangers(ui), name).toEqual([]);
            await expectLayoutWhole(ui, name);
        });
    }
    expect(await address()).toBe(before);
    expect(ui.troubles).toEqual([]);
});

test('as messages and replies that are read later, one above the other', async ({ ui, api, upstream }) => {
    test.setTimeout(90_000);
    ui.page.on('dialog', (dialog) => {
        ui.troubles.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
    });
    const made = await api.newChat('<img src=x onerror=alert(1)>');
    upstream.answers((asked) => {
        asked.say(asked.text);
        asked.end();
    });
    for (const { markdown } of hostile) await api.say(made.interaction_id, markdown);
    await ui.openChat(made.interaction_id);
    await expect(ui.chats.first()).toContainText('<img src=x onerror=alert(1)>');
    const seen = new Set<string>();
    await ui.scrollThroughMessages(async () => {
        for (const danger of await dangers(ui)) seen.add(danger);
        await expectLayoutWhole(ui, 'while scrolling');
    });
    await expect(ui.messages.first()).toContainText('Before <script>'); // the first one was reached
    expect([...seen]).toEqual([]);
    expect(ui.troubles).toEqual([]);
});

test('as titles, names and models', async ({ ui, api }) => {
    const nasty = [
        '<script>alert(1)</script>',
        '"><img src=x onerror=alert(1)>',
        '\u202Egnp.exe',
        'W'.repeat(200),
        '‮‮‮',
    ];
    for (const title of nasty) await api.newChat(title);
    await api.ask('PATCH', '/users/me', { name: '<b onmouseover=alert(1)>Ada</b>' });
    await ui.open();
    await expect(ui.chats).toHaveCount(nasty.length);
    expect(await dangers(ui)).toEqual([]);
    await expectLayoutWhole(ui, 'titles');
});

test('a click on what was a javascript link does nothing', async ({ ui, upstream }) => {
    await ui.open();
    upstream.answersWith('[click me](javascript:document.title="taken") and [go](https://example.org/)');
    await ui.send('Links');
    await expect(ui.reply).toContainText('click me');
    await ui.reply.getByText('click me').click();
    await expect(ui.page).not.toHaveTitle('taken');
    await expect(ui.reply.getByRole('link', { name: 'click me' })).toHaveCount(0);
    await expect(ui.reply.getByRole('link', { name: 'go' })).toHaveCount(1);
});
