// Notices: they lie between the title and the composer, however long they are, and go when nobody is at them.
import type { Locator, Page } from '@playwright/test';

import { expect, test } from './support/fixtures';
import type { Screen } from './support/screen';

const noticeOf = (page: Page): Locator => page.getByRole('region', { name: 'Notices' });

/** Renaming is refused in so many words. */
async function refuse(ui: Screen, words: string): Promise<void> {
    ui.watch.allowStatus(409);
    await ui.page.route(/\/api\/v1\/interactions\/[^/?]+$/, async (route) => {
        if (route.request().method() !== 'PATCH') return route.fallback();
        return route.fulfill({ status: 409, json: { code: 'of_a_proxy', detail: words } });
    });
}

async function rename(ui: Screen): Promise<void> {
    await ui.renaming.fill('New name');
    await ui.renaming.press('Enter');
    await expect(noticeOf(ui.page).getByRole('alert')).not.toBeEmpty();
}

async function expectApart(one: Locator, other: Locator): Promise<void> {
    const [above, below] = [await one.boundingBox(), await other.boundingBox()];
    expect(above && below && above.y + above.height).toBeLessThanOrEqual((below?.y ?? 0) + 0.5);
}

for (const [device, viewport] of [
    ['a desktop', { width: 1280, height: 800 }],
    ['a phone', { width: 390, height: 660 }],
    ['a phone on its side', { width: 740, height: 340 }],
] as const) {
    test.describe(`on ${device}`, () => {
        test.use({ viewport });

        test('a long one covers neither title nor composer, and can be closed', async ({ ui, page, api }) => {
            const made = await api.newChat('Old name');
            await refuse(ui, 'The server behind it has said a great deal about this. '.repeat(80));
            await ui.openChat(made.interaction_id);
            const list = ui.button('Show the list of chats'); // it has a place of its own where there is room
            if (await list.isVisible()) await list.click();
            await ui.chooseOf('Old name', 'Rename');
            await rename(ui);
            await expectApart(page.locator('.top-bar'), noticeOf(page));
            await expectApart(noticeOf(page), ui.composer);
            await noticeOf(page).getByRole('button', { name: 'Dismiss' }).click();
            await expect(noticeOf(page).getByRole('alert')).toBeEmpty();
        });
    });
}

test('one that appears under a pointer that rests there goes by itself', async ({ ui, page, api }) => {
    await api.newChat('Old name');
    await refuse(ui, 'No.');
    await page.clock.install();
    await ui.open();
    await ui.chooseOf('Old name', 'Rename');
    await ui.renaming.fill('New name');
    const title = await page.getByRole('main').boundingBox();
    await page.mouse.move((title?.x ?? 0) + (title?.width ?? 0) / 2, 80);
    await rename(ui);
    await expect(page.locator('.notice:hover')).toHaveCount(1);
    await page.clock.runFor(20_000);
    await expect(noticeOf(page).getByRole('alert')).toBeEmpty();
});
