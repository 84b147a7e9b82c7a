// One reply of a real model, from the composer to the last word.
import { expect, test } from './support/fixtures';

const file = process.env.PARLEY_TEST_MODEL;

test.describe('with a real model', () => {
    test.skip(!file, 'PARLEY_TEST_MODEL names no GGUF file');
    test.use({
        config: {
            models: [{ name: 'real', path: file, context_window: 2048, parallel: 1, load: 'on_demand' }],
            titles: { mode: 'model' },
        },
    });

    test('a reply streams, is complete, and the chat gets a title', async ({ ui, api }) => {
        test.setTimeout(180_000);
        await ui.open();
        await expect(
            ui.chosenModel.getByRole('option', { name: 'real (loads when asked)', exact: true }),
        ).toBeAttached();
        await ui.send('Say hello in one short sentence.');
        await expect(ui.reply).toHaveText(/\w/, { timeout: 60_000 });
        await expect(ui.stopButton).toHaveCount(0, { timeout: 120_000 });
        const [, stored] = await api.messages(await ui.chatId());
        expect(stored?.status).toBe('complete');
        await expect(ui.chats.first()).not.toHaveText('Untitled chat', { timeout: 60_000 });
    });
});
