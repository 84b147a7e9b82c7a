// A message that the model has no room for.
import { expect, test } from './support/fixtures';

test.use({ config: { models: [{ name: 'small', kind: 'scripted', context_window: 64 }] } });

test('a first message that is too long says by how much, is not sent again, and leaves no chat behind', async ({
    ui,
    page,
    watch,
    api,
}) => {
    watch.allowStatus(422);
    const sends: string[] = [];
    page.on('request', (request) => {
        if (request.method() === 'POST' && request.url().endsWith('/messages')) sends.push(request.url());
    });
    const refusal = ui.lastMessage.getByText(/102 tokens, of which 48 fit/);
    await ui.open();
    await ui.send('word '.repeat(100));
    await expect(refusal).toBeVisible();
    await page.reload();
    await expect(refusal).toBeVisible();
    await expect(ui.chats).toHaveCount(1);
    expect(sends).toHaveLength(1);
    await ui.button('Take back').click();
    await expect(page).toHaveURL(/#\/$/);
    await expect(ui.composer).toHaveValue(/^word word/);
    await expect(ui.chats).toHaveCount(0);
    await expect.poll(async () => (await api.chats()).length).toBe(0);
    await ui.send('short');
    await expect(ui.replies).toHaveCount(1);
});
