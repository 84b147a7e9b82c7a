// One reply of a real model, from the composer to the last word.
import { expect, test } from './support/fixtures';

const file = process.env.PARLEY_TEST_MODEL;

test.describe('with a real model', () => {
    test.skip(!file, 'PARLEY_TEST_MODEL names no GGUF file');
    test.use({
        config: {
            models: [{ name: 'real', path: file, context_window: 2048, parallel: 1 }],
            titles: { mode: 'model' },
        },
    });

    test('a reply streams, is complete, and the chat gets a title', async ({ ui, api }) => {
        test.setTimeout(180_000);
        await expect
            .poll(
                async () => (await api.ask<{ data: { state: string }[] }>('GET', '/models')).data[0]?.state,
                { timeout: 60_000 },
            )
            .toBe('ready');
        await ui.open();
        await ui.send('Say hello in one short sentence.');
        await expect(ui.reply).toHaveText(/\w/, { timeout: 60_000 });
        await expect(ui.stopButton).toHaveCount(0, { timeout: 120_000 });
        const [, stored] = await api.messages(await ui.chatId());
        expect(stored?.status).toBe('complete');
        await expect(ui.chats.first()).not.toHaveText('New chat', { timeout: 60_000 });
    });
});
