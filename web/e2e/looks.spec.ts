// Dark and light, phone width.
import { overflow, whole } from './support/layout';
import { everything } from './support/prose';
import { expect, test } from './support/fixtures';
import { type Box, isBlank } from './support/pixels';
import type { Screen } from './support/screen';

async function brightness(ui: Screen): Promise<number> {
    return ui.page.evaluate(() => {
        const probe = document.createElement('canvas').getContext('2d');
        if (!probe) return -1;
        probe.fillStyle = getComputedStyle(document.body).backgroundColor;
        probe.fillRect(0, 0, 1, 1);
        const [r = 0, g = 0, b = 0] = probe.getImageData(0, 0, 1, 1).data;
        return (r + g + b) / 3;
    });
}

test('the page is light or dark as the system is, and as one chooses', async ({ ui, page }) => {
    await page.emulateMedia({ colorScheme: 'light' });
    await ui.open();
    expect(await brightness(ui)).toBeGreaterThan(200);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(() => brightness(ui)).toBeLessThan(60);
    await ui.visit('Settings');
    await page.getByText('Light', { exact: true }).click();
    await expect(page.getByRole('radio', { name: 'Light' })).toBeChecked();
    await expect.poll(() => brightness(ui)).toBeGreaterThan(200);
    await page.reload();
    await expect.poll(() => brightness(ui)).toBeGreaterThan(200);
    await page.getByText('Dark', { exact: true }).click();
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(() => brightness(ui)).toBeLessThan(60);
});

for (const width of [320, 390]) {
    test.describe(`${width} pixels wide`, () => {
        test.use({ viewport: { width, height: 700 }, hasTouch: true, isMobile: true, speaks: true });

        test('no page scrolls sideways, and all of a chat can be reached', async ({
            ui,
            page,
            upstream,
            api,
        }) => {
            await api.newChat('A title that is much too long for a telephone that is held upright');
            upstream.answersWith(everything);
            await ui.open();
            await ui.sendByTouch(
                'How do I bake bread, if I have only a telephone and a verylongwordthatcannotbebrokenanywhereatall?',
            );
            await expect(ui.reply.locator('math').first()).toBeVisible();
            await expect(ui.composer).toBeInViewport();
            expect(await overflow(ui.page)).toEqual(whole);
            for (const name of [
                'settings',
                'usage',
                'keys',
                'users',
                'c/0192f0c1-7b4e-7c7e-9d2b-2f6d5f0f3a10',
            ]) {
                ui.watch.allowStatus(404);
                await page.goto(`/#/${name}`);
                await expect(
                    page.getByRole('main').getByRole('heading').filter({ hasText: /\w/ }).first(),
                ).toBeVisible();
                expect(await overflow(ui.page), name).toEqual(whole);
            }
        });

        test('the settings of a chat fit, too', async ({ ui, settings }) => {
            await ui.open();
            await settings.open();
            await settings.dialog.getByText('More settings').click();
            expect(await overflow(ui.page)).toEqual(whole);
            const inside = await settings.dialog.evaluate((node) => node.scrollWidth - node.clientWidth);
            expect(inside).toBe(0);
            await expect(settings.saveButton).toBeInViewport();
        });

        test('the list is a drawer', async ({ ui, page, api }) => {
            await api.newChat('first');
            await api.newChat('second');
            await ui.open();
            await expect(ui.chats.first()).not.toBeInViewport();
            await page.getByRole('button', { name: 'Show the list of chats' }).tap();
            await expect(ui.chats.first()).toBeInViewport();
            await expect.poll(() => overflow(ui.page)).toEqual(whole); // it slides in
            await ui.chat('first').tap();
            await expect(ui.chats.first()).not.toBeInViewport();
            await expect(page).toHaveURL(/#\/c\//);
        });

        test('buttons are large enough for a thumb', async ({ ui, page, upstream }) => {
            upstream.answersWith('Yes.');
            await ui.open();
            await ui.sendByTouch('Small?');
            await expect(ui.reply).toHaveText('Yes.');
            const small = await page
                .getByRole('main')
                .getByRole('button')
                .evaluateAll((all) =>
                    all
                        .map((node) => ({
                            name: node.getAttribute('aria-label') ?? node.textContent,
                            box: node.getBoundingClientRect(),
                        }))
                        .filter(({ box }) => box.width > 0 && (box.width < 24 || box.height < 24))
                        .map(({ name }) => name),
                );
            expect(small).toEqual([]);
        });
    });
}

test.describe('in a narrow window', () => {
    test.use({ viewport: { width: 720, height: 700 } });

    test('a dot stands between the facts of a line, and none at its end', async ({ ui, page }) => {
        await ui.page.goto('/#/users');
        await expect(page.locator('.facts').first()).toBeVisible();
        const places = await page.locator('.facts > li').evaluateAll((facts): [Box[], Box[]] => {
            const texts = facts.map((fact) => {
                const range = document.createRange();
                range.selectNodeContents(fact);
                return range.getBoundingClientRect();
            });
            const between: Box[] = [];
            const ends: Box[] = [];
            for (const [at, { right: x, y, height }] of texts.slice(0, -1).entries()) {
                const next = texts[at + 1];
                if (next !== undefined && next.y < y + height / 2)
                    between.push({ x, y, width: next.x - x, height });
                else ends.push({ x, y, width: 24, height });
            }
            return [between, ends];
        });
        expect(places.map(({ length }) => length > 0)).toEqual([true, true]);
        for (const box of places[0]) expect(await isBlank(page, box), 'between two').toBe(false);
        for (const box of places[1]) expect(await isBlank(page, box), 'at an end').toBe(true);
    });
});
