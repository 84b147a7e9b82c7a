// The server was upgraded under an open page: what the page loads later has other names now.
import type { Page } from '@playwright/test';

import { expect, test } from './support/fixtures';

test.use({ speaks: true });

/** The files of this page are not there any more. */
async function upgrade(page: Page): Promise<void> {
    await page.route(/\/assets\/.*\.js$/, (route) => route.fulfill({ status: 404 }));
}

test('a part that is gone is had by reloading the page, and what was written stays', async ({
    ui,
    page,
    watch,
}) => {
    watch.allowStatus(404);
    await ui.open();
    await ui.composer.fill('Half a thought');
    await upgrade(page);
    await page.evaluate(() => (location.hash = '#/settings'));
    await expect(page.getByText('could not be loaded')).toBeVisible();
    await page.unrouteAll();
    await ui.button('Reload the page').click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Settings');
    await ui.linkTo('Back to the chat').click();
    await expect(ui.composer).toHaveValue('Half a thought');
});

test('a formula that cannot be drawn is shown as it was written, and the page says what helps', async ({
    ui,
    page,
    watch,
    upstream,
}) => {
    watch.allowStatus(404);
    upstream.answersWith('So $x^2$.');
    await ui.open();
    await upgrade(page);
    await ui.send('How much?');
    await expect(ui.reply).toHaveText('So $x^2$.');
    await expect(page.getByText('Formulas or colours of code could not be loaded.')).toBeVisible();
    await page.unrouteAll();
    await ui.button('Reload the page').click();
    await expect(ui.reply.locator('math')).toBeVisible();
    await expect(page.getByText('could not be loaded')).toHaveCount(0);
});
