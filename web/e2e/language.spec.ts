// Languages: English, and German through a message file; text from right to left.
import { expect, test } from './support/fixtures';
import { arabic, hebrew } from './support/prose';

test('the page speaks the browser’s language', async ({ browser, baseURL, watch }) => {
    const context = await browser.newContext({ locale: 'de-DE', ...(baseURL ? { baseURL } : {}) });
    watch.follow(context);
    const page = await context.newPage();
    await page.goto('/');
    await expect(page.getByRole('textbox', { name: 'Nachricht' })).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', 'de');
    await context.close();
});

test('another language is chosen in the settings, at once and for good', async ({ ui, page }) => {
    await ui.open();
    await ui.visit('Settings');
    await page.getByRole('combobox', { name: 'Language' }).selectOption('de');
    await expect(page.locator('html')).toHaveAttribute('lang', 'de');
    await expect(page.getByRole('combobox', { name: 'Sprache' })).toHaveValue('de');
    await page.reload();
    await expect(page.getByRole('combobox', { name: 'Sprache' })).toBeVisible();
    await page.goto('/#/');
    await expect(page.getByRole('textbox', { name: 'Nachricht' })).toBeVisible();
    await expect(
        page
            .getByRole('button', { name: 'Neuer Chat' })
            .or(page.getByRole('link', { name: 'Neuer Chat' }))
            .first(),
    ).toBeVisible();
});

test('a text from right to left is set from right to left, beside others', async ({ ui, api }) => {
    const made = await api.newChat(hebrew);
    await api.note(made.interaction_id, arabic);
    await api.note(made.interaction_id, 'plain English');
    await ui.openChat(made.interaction_id);
    const direction = (text: string) =>
        ui.page
            .getByRole('main')
            .getByText(text)
            .first()
            .evaluate((node) => getComputedStyle(node).direction);
    expect(await direction('مرحبا')).toBe('rtl');
    expect(await direction('plain English')).toBe('ltr');
});

test('a reply from right to left is, too, and its code is not', async ({ ui }) => {
    await ui.open();
    await ui.send(`script:${JSON.stringify({ tokens: [`${arabic}\n\n`, '```\nlet x = 1;\n```'] })}`);
    const paragraph = ui.reply.locator('p').first();
    await expect(paragraph).toContainText('مرحبا');
    expect(await paragraph.evaluate((node) => getComputedStyle(node).direction)).toBe('rtl');
    expect(await ui.reply.locator('pre').evaluate((node) => getComputedStyle(node).direction)).toBe('ltr');
});

test('the whole page can be from right to left', async ({ ui, page, api }) => {
    await api.newChat('one');
    await page.addInitScript(() => localStorage.setItem('parley.dir', 'rtl'));
    await ui.open();
    await expect(page.locator('html')).toHaveAttribute('dir', 'rtl');
    const list = await ui.chats.first().boundingBox();
    const field = await ui.composer.boundingBox();
    expect(list?.x ?? 0, 'the list stands on the right').toBeGreaterThan(field?.x ?? 0);
    expect(
        await page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        ),
    ).toBe(0);
});
