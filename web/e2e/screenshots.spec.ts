// The pictures in docs/images, made anew by PARLEY_SCREENSHOTS=1 npx playwright test --no-deps screenshots.
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test } from './support/fixtures';
import { pictured } from './support/prose';
import type { Screen } from './support/screen';

const folder = fileURLToPath(new URL('../../docs/images', import.meta.url));

test.skip(process.env.PARLEY_SCREENSHOTS !== '1', 'PARLEY_SCREENSHOTS is not 1');
test.use({ speaks: true, reducedMotion: 'reduce' });
test.describe.configure({ mode: 'serial' });

async function picture(ui: Screen, name: string): Promise<void> {
    mkdirSync(folder, { recursive: true });
    await ui.page.evaluate(() => document.fonts.ready);
    await ui.page.screenshot({
        path: resolve(folder, `${name}.png`),
        animations: 'disabled',
        caret: 'hide',
        scale: 'css',
    });
}

for (const { name, colorScheme, viewport } of [
    { name: 'chat-light', colorScheme: 'light', viewport: { width: 1100, height: 760 } },
    { name: 'chat-dark', colorScheme: 'dark', viewport: { width: 1100, height: 760 } },
    { name: 'chat-phone', colorScheme: 'light', viewport: { width: 390, height: 760 } },
] as const) {
    test.describe(name, () => {
        test.use({ colorScheme, viewport });

        test('a chat', async ({ ui, api, upstream }) => {
            for (const title of ['Notes on tides', 'A name for the cat', 'Trip to Lisbon'])
                await api.newChat(title);
            const made = await api.newChat('Bread in short');
            const pinned = await api.newChat('Shopping list', { pinned: true });
            await api.note(pinned.interaction_id, 'flour');
            upstream.answersWith(pictured);
            await api.say(made.interaction_id, 'How do I bake bread without kneading?');
            await ui.openChat(made.interaction_id);
            await expect(ui.reply.locator('math').first()).toBeVisible();
            await expect(ui.reply.locator('code span[class*=hljs]').first()).toBeVisible();
            await picture(ui, name);
        });
    });
}

test.describe('other states', () => {
    test.use({ viewport: { width: 1100, height: 760 } });

    test('settings and usage', async ({ ui, settings, api, upstream }) => {
        upstream.answersWith(pictured);
        const made = await api.newChat('Bread in short', {
            settings: { prompt: 'You are a patient baker.', temperature: 0.4 },
        });
        for (let n = 0; n < 5; n++)
            await api.say(made.interaction_id, 'How do I bake bread without kneading?');
        await ui.openChat(made.interaction_id);
        await settings.open();
        await picture(ui, 'settings');
        await settings.close();
        await ui.page.goto('/#/usage');
        await expect(ui.page.locator('canvas')).toBeVisible();
        await picture(ui, 'usage');
    });
});
