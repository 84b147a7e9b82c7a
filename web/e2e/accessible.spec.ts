// axe finds nothing serious on the main states, light and dark (contrast AA is among its rules); a screen reader hears
// a reply once and not every token; the focus goes in order and is never lost; motion is reduced for who wants that.
import { expectAccessible } from './support/axe';
import { listen } from './support/listen';
import { everything } from './support/prose';
import { expect, test } from './support/fixtures';

for (const colorScheme of ['light', 'dark'] as const) {
    test.describe(`axe, ${colorScheme}`, () => {
        test.use({ colorScheme, speaks: true });

        test('a chat with everything in it, while it is written and after', async ({ ui, upstream, api }) => {
            await api.newChat('another');
            await ui.open();
            await expectAccessible(ui, 'a new chat');
            await ui.send('How do I bake bread?');
            const asked = await upstream.next();
            asked.think('Flour and water.');
            asked.say(everything.slice(0, 200));
            await expect(ui.reply).toContainText('Bread in short');
            await expectAccessible(ui, 'a reply that is being written');
            asked.say(everything.slice(200));
            asked.end();
            await expect(ui.reply.locator('code span[class*=hljs]').first()).toBeVisible();
            await expect(ui.reply.locator('math').first()).toBeVisible();
            await ui.ofReply('Write another reply').click();
            (await upstream.next()).refuse(500);
            await expect(ui.lastMessage).toContainText(/failed/i);
            await expectAccessible(ui, 'a reply that failed, and versions');
        });

        test('the dialogs and menus', async ({ ui, api, settings }) => {
            await api.newChat('a chat');
            await ui.open();
            await ui.openMenuOf('a chat');
            await expectAccessible(ui, 'the menu of a chat');
            await ui.page.keyboard.press('Escape');
            await settings.open();
            await expectAccessible(ui, 'the settings of a chat');
            await settings.close();
            await ui.chooseOf('a chat', 'Delete');
            await expect(ui.button('Undo')).toBeVisible();
            await expectAccessible(ui, 'a notice');
        });

        test('the pages', async ({ ui, page, api, upstream }) => {
            upstream.answersWith('Used.');
            const made = await api.newChat('used');
            await api.say(made.interaction_id, 'Use something.');
            await ui.open();
            for (const name of ['settings', 'usage', 'keys', 'users']) {
                await page.goto(`/#/${name}`);
                await expect(page.getByRole('main').getByRole('heading').first()).toBeVisible();
                await expectAccessible(ui, name);
            }
            await page.goto('/#/c/0192f0c1-7b4e-7c7e-9d2b-2f6d5f0f3a10');
            ui.watch.allowStatus(404);
            await expect(page.getByText('This chat does not exist.')).toBeVisible();
            await expectAccessible(ui, 'a chat that does not exist');
        });
    });
}

test.describe('axe on the sign-in', () => {
    test.use({
        config: { auth: { mode: 'api_key' } },
        variables: { PARLEY_AUTH_BOOTSTRAP_KEY: 'k'.repeat(40) },
    });

    test('finds nothing, also when a key was refused', async ({ ui, accounts, watch }) => {
        watch.allowStatus(401);
        await ui.page.goto('/');
        await expect(accounts.keyField).toBeVisible();
        await expectAccessible(ui, 'the sign-in');
        await expect(ui.page.getByText('could not be loaded')).toHaveCount(0);
        await accounts.signIn('wrong');
        await expect(accounts.keyField).toHaveAttribute('aria-invalid', 'true');
        await expectAccessible(ui, 'a refused key');
    });
});

test.describe('a screen reader', () => {
    test.use({ speaks: true });

    test('hears that a reply begins and the whole of it once, not every token', async ({ ui, upstream }) => {
        await ui.open();
        const heard = await listen(ui.page);
        await ui.send('Tell me a story.');
        const asked = await upstream.next();
        const words = Array.from({ length: 40 }, (_, n) => `word${n} `);
        for (const word of words) {
            asked.say(word);
            await expect(ui.reply).toContainText(word.trim());
        }
        const during = await heard();
        expect(
            during.filter((text) => text.includes('word')),
            'heard while it was written',
        ).toEqual([]);
        asked.end();
        await expect(ui.stopButton).toHaveCount(0);
        await expect
            .poll(async () => (await heard()).filter((text) => text.includes('word39')))
            .toHaveLength(1);
        const all = await heard();
        expect(all.filter((text) => text.includes('word0 '))).toHaveLength(1);
        expect(all.length, `told in all: ${all.join(' / ')}`).toBeLessThanOrEqual(4);
    });

    test('hears what a reply says, not how it is written', async ({ ui, upstream }) => {
        upstream.answersWith('**Take** `two`:\n\n| how | many |\n|---|---|\n| *eggs* | 2 |');
        await ui.open();
        const heard = await listen(ui.page);
        await ui.send('What do I need?');
        await expect.poll(async () => (await heard()).at(-1)).toBe('Take two:\nhow, many\neggs, 2');
    });

    test('hears nothing of a chat that is only opened', async ({ ui, upstream, api }) => {
        upstream.answersWith('Old news.');
        const made = await api.newChat('old');
        await api.say(made.interaction_id, 'Hello');
        await ui.open();
        const heard = await listen(ui.page);
        await ui.chat('old').click();
        await expect(ui.reply).toHaveText('Old news.');
        expect((await heard()).filter((text) => text.includes('Old news'))).toEqual([]);
    });

    test('finds landmarks, headings and names', async ({ ui, upstream, page }) => {
        upstream.answersWith('Yes.');
        await ui.open();
        await ui.send('Are you there?');
        await expect(ui.reply).toHaveText('Yes.');
        await expect(page.getByRole('main')).toHaveCount(1);
        await expect(page.getByRole('navigation', { name: 'Chats' })).toBeVisible();
        await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
        await expect(ui.messages).toHaveCount(2);
        for (const name of [/^You/, /^Assistant/])
            await expect(page.getByRole('article', { name })).toHaveCount(1);
    });
});

test('the focus goes in the order of what one sees, and everything that has it shows it', async ({
    ui,
    page,
    api,
}) => {
    const made = await api.newChat('one');
    await api.note(made.interaction_id, 'words');
    await ui.openChat(made.interaction_id);
    // From the top of the page on.
    await page.evaluate(() => {
        document.body.tabIndex = -1;
        document.body.focus();
        document.body.removeAttribute('tabindex');
    });
    const stops: { name: string; x: number; y: number; outlined: boolean; visible: boolean }[] = [];
    for (let n = 0; n < 60; n++) {
        await page.keyboard.press('Tab');
        const stop = await page.evaluate(() => {
            const node = document.activeElement;
            if (!node || node === document.body) return null;
            const box = node.getBoundingClientRect();
            const style = getComputedStyle(node);
            const field = ['TEXTAREA', 'INPUT', 'SELECT'].includes(node.tagName);
            return {
                name: `${node.tagName} ${node.getAttribute('aria-label') ?? node.textContent.slice(0, 30)}`,
                x: Math.round(box.x),
                y: Math.round(box.y),
                outlined: style.outlineStyle !== 'none' || style.boxShadow !== 'none' || field,
                visible: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
            };
        });
        if (!stop || stops.some((one) => one.name === stop.name && one.x === stop.x && one.y === stop.y))
            break;
        stops.push(stop);
    }
    expect(stops.length).toBeGreaterThan(6);
    expect(
        stops.filter((one) => !one.outlined).map((one) => one.name),
        'without a visible focus',
    ).toEqual([]);
    expect(
        stops.filter((one) => !one.visible).map((one) => one.name),
        'out of sight',
    ).toEqual([]);
    expect(stops[0]?.name, 'the way past the list comes first').toMatch(/Skip/);
    const list = stops.findIndex((one) => /New chat/.test(one.name));
    const field = stops.findIndex((one) => one.name.startsWith('TEXTAREA'));
    expect(list).toBeGreaterThanOrEqual(0);
    expect(field).toBeGreaterThan(list);
});

test('a dialog keeps the focus and gives it back', async ({ ui, page, settings }) => {
    await ui.open();
    await settings.open();
    for (let n = 0; n < 40; n++) {
        await page.keyboard.press('Tab');
        const inside = await page.evaluate(
            () =>
                document.activeElement === document.body ||
                document.activeElement?.closest('dialog, [role=dialog]') !== null,
        );
        expect(inside).toBe(true);
    }
    await page.keyboard.press('Escape');
    await expect(ui.dialog).toHaveCount(0);
    await expect(settings.button).toBeFocused();
});

test.describe('who wants less motion', () => {
    test.use({ reducedMotion: 'reduce', speaks: true });

    test('sees nothing move by itself', async ({ ui, upstream }) => {
        await ui.open();
        await ui.send('Move!');
        const asked = await upstream.next();
        asked.say('Moving');
        await expect(ui.reply).toContainText('Moving');
        const moving = await ui.page.evaluate(
            () =>
                document.getAnimations().filter((one) => {
                    const timing = one.effect?.getComputedTiming();
                    return one.playState === 'running' && Number(timing?.duration ?? 0) > 50;
                }).length,
        );
        expect(moving).toBe(0);
        expect(await ui.page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior)).toBe(
            'auto',
        );
        asked.end();
    });
});
