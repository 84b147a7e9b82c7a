// Keyboard first: new chat, search, send, stop, edit last, and all else without a mouse.
import { expect, test } from './support/fixtures';

test.use({ speaks: true });

test('Enter sends, Shift+Enter begins a new line', async ({ ui, page, upstream, api }) => {
    upstream.answersWith('Read.');
    await ui.open();
    await expect(ui.composer).toBeFocused();
    await page.keyboard.type('one');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('two');
    await expect(ui.composer).toHaveValue('one\ntwo');
    await page.keyboard.press('Enter');
    await expect(ui.reply).toHaveText('Read.');
    expect((await api.texts(await ui.chatId()))[0]).toBe('one\ntwo');
    await expect(ui.composer).toBeFocused();
});

// Safari tells it by the code of the key alone.
for (const composing of [{ isComposing: true }, { keyCode: 229 }]) {
    test(`Enter that ends the composition of a character does not send: ${Object.keys(composing)[0]}`, async ({
        ui,
    }) => {
        await ui.open();
        await ui.composer.fill('にほん');
        await ui.composer.evaluate(
            (field, how) =>
                field.dispatchEvent(
                    new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...how }),
                ),
            composing,
        );
        await expect(ui.composer).toHaveValue('にほん');
        await expect(ui.questions).toHaveCount(0);
    });
}

test('Escape stops the reply', async ({ ui, page, upstream }) => {
    await ui.open();
    await ui.send('Go on.');
    const asked = await upstream.next();
    asked.say('So far');
    await expect(ui.reply).toHaveText('So far');
    await page.keyboard.press('Escape');
    await asked.left();
    await expect(ui.stopButton).toHaveCount(0);
    await expect(ui.reply).toHaveText('So far');
});

test('↑ in the empty field edits the last message', async ({ ui, page, upstream }) => {
    upstream.answersWith('Yes.');
    await ui.open();
    await ui.send('first');
    await expect(ui.reply).toHaveText('Yes.');
    await expect(ui.stopButton).toHaveCount(0);
    await ui.send('last');
    await expect(ui.replies).toHaveCount(2);
    await expect(ui.stopButton).toHaveCount(0);
    await page.keyboard.press('ArrowUp');
    await expect(ui.composer).toHaveValue('last');
    await page.keyboard.press('End');
    await page.keyboard.type(', better');
    await page.keyboard.press('Enter');
    await expect(ui.questions).toHaveText([/first/, /last, better/]);
    await expect(ui.siblingCount).toHaveText('2/2');
});

test('Ctrl+Shift+O begins a new chat, Ctrl+K searches, Shift+Escape leads back to the field', async ({
    ui,
    page,
    api,
}) => {
    const made = await api.newChat('somewhere');
    await ui.openChat(made.interaction_id);
    await page.keyboard.press('Control+k');
    await expect(ui.filter).toBeFocused();
    await page.keyboard.press('Shift+Escape');
    await expect(ui.composer).toBeFocused();
    await page.keyboard.press('Control+Shift+O');
    await expect(page).toHaveURL(/#\/$/);
    await expect(ui.composer).toBeFocused();
});

test('Alt+↓ and Alt+↑ go from chat to chat', async ({ ui, page, api }) => {
    for (const title of ['three', 'two', 'one']) await api.newChat(title);
    await ui.open();
    await expect(ui.chats).toHaveText(['one', 'two', 'three']);
    for (const [key, title] of [
        ['ArrowDown', 'one'],
        ['ArrowDown', 'two'],
        ['ArrowDown', 'three'],
        ['ArrowUp', 'two'],
    ] as const) {
        await page.keyboard.press(`Alt+${key}`);
        await expect(ui.currentChat).toHaveText(title);
    }
});

test('Ctrl+Shift+C copies the last reply, Ctrl+Shift+S hides the list, ? shows all keys', async ({
    ui,
    page,
    upstream,
    context,
}) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    upstream.answersWith('Copy *me*.');
    await ui.open();
    await ui.send('What?');
    await expect(ui.reply).toHaveText('Copy me.');
    await page.keyboard.press('Control+Shift+C');
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('Copy *me*.');
    await expect(ui.chats).toHaveCount(1);
    await page.keyboard.press('Control+Shift+S');
    await expect(ui.chats).toHaveCount(0);
    await page.keyboard.press('Control+Shift+S');
    await expect(ui.chats).toHaveCount(1);
    await page.keyboard.press('Shift+?'); // in the field it is a letter
    await expect(ui.composer).toHaveValue('?');
    await ui.composer.fill('');
    await ui.composer.blur();
    await page.keyboard.press('Shift+?');
    await expect(ui.dialog).toContainText('Keyboard shortcuts');
    for (const key of ['New chat', 'Search chats', 'Send', 'Stop the reply', 'Edit your last message'])
        await expect(ui.dialog).toContainText(key);
    await page.keyboard.press('Escape');
    await expect(ui.dialog).toHaveCount(0);
});

test('Ctrl+Z brings a deleted chat back', async ({ ui, page, api }) => {
    await api.newChat('a chat');
    await api.newChat('another');
    await ui.open();
    await ui.chooseOf('a chat', 'Delete');
    await expect(ui.chats).toHaveText(['another']);
    await page.keyboard.press('Control+z');
    await expect(ui.chats).toHaveText(['another', 'a chat']);
    await expect(ui.button('Undo')).toHaveCount(0);
    // In a text it is the text's.
    await ui.composer.fill('a text');
    await ui.chooseOf('a chat', 'Delete');
    await ui.composer.focus();
    await page.keyboard.press('Control+z');
    await expect(ui.chats).toHaveText(['another']);
});

test('the focus stays where one goes on, also when its button is gone', async ({
    ui,
    page,
    api,
    upstream,
}) => {
    await api.newChat('a chat');
    upstream.answersWith('One.');
    await ui.open();
    await ui.send('Say it.');
    await expect(ui.reply).toHaveText('One.');
    await expect(ui.stopButton).toHaveCount(0);
    await ui.ofReply('Write another reply').press('Enter');
    await expect(ui.siblingCount).toHaveText('2/2');
    await expect(ui.composer).toBeFocused();
    await expect(ui.stopButton).toHaveCount(0);
    await ui.previousSibling.press('Enter');
    await expect(ui.siblingCount).toHaveText('1/2');
    await expect(ui.previousSibling).toBeFocused();
    upstream.answers((asked) => {
        asked.say('So far');
    });
    await ui.send('Go on.');
    await expect(ui.reply).toHaveText('So far');
    await ui.stopButton.press('Enter');
    await expect(ui.stopButton).toHaveCount(0);
    await expect(ui.composer).toBeFocused();
    await ui.button('Hide the list of chats').press('Enter');
    await expect(ui.button('Show the list of chats')).toBeFocused();
    await ui.button('Show the list of chats').press('Enter');
    await expect(ui.button('Hide the list of chats')).toBeFocused();
    await ui.chooseOf('a chat', 'Pin');
    await expect(page.getByRole('link', { name: /^a chat/ })).toBeFocused();
    await expect(page.getByRole('heading', { name: 'Pinned' })).toBeVisible();
});

test('the list is gone through, renamed in and opened by keys', async ({ ui, page, api }) => {
    for (const title of ['three', 'two', 'one']) await api.newChat(title);
    await ui.open();
    await ui.chat('one').focus();
    await page.keyboard.press('ArrowDown');
    await expect(ui.chat('two')).toBeFocused();
    await page.keyboard.press('End');
    await expect(ui.chat('three')).toBeFocused();
    await page.keyboard.press('F2');
    await expect(ui.renaming).toBeFocused();
    await page.keyboard.type('last');
    await page.keyboard.press('Enter');
    await expect(ui.chat('last')).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(ui.currentChat).toHaveText('last');
});

test('a whole evening without a mouse: ask, read, another reply, go back, copy, settings, rename, delete, undo', async ({
    ui,
    settings,
    page,
    upstream,
}) => {
    test.slow(); // some hundred keys are pressed
    upstream.answersWith('First.');
    await ui.open();
    await page.keyboard.type('Hello');
    await page.keyboard.press('Enter');
    await expect(ui.reply).toHaveText('First.');

    upstream.answersWith('Second.');
    await ui.tabTo(ui.ofReply('Write another reply'));
    await page.keyboard.press('Enter');
    await expect(ui.reply).toHaveText('Second.');
    await ui.tabTo(ui.previousSibling);
    await page.keyboard.press('Space');
    await expect(ui.reply).toHaveText('First.');

    await ui.tabTo(settings.button);
    await page.keyboard.press('Enter');
    await expect(ui.dialog).toBeVisible();
    await ui.tabTo(settings.prompt);
    await page.keyboard.type('Be kind.');
    await page.keyboard.press('Shift+Tab');
    await ui.tabTo(settings.saveButton);
    await page.keyboard.press('Enter');
    await expect(ui.dialog).toHaveCount(0);
    await expect(settings.button).toBeFocused();

    await ui.tabTo(ui.menuOf('Untitled chat'));
    await page.keyboard.press('Enter');
    await expect(page.getByRole('menuitem', { name: 'Rename' })).toBeFocused();
    await page.keyboard.press('Enter');
    await page.keyboard.type('An evening');
    await page.keyboard.press('Enter');
    await expect(ui.chats).toHaveText(['An evening']);

    await ui.tabTo(ui.menuOf('An evening'));
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowUp'); // the last: Delete
    await page.keyboard.press('Enter');
    await expect(ui.chats).toHaveCount(0);
    await ui.tabTo(ui.button('Undo'));
    await page.keyboard.press('Enter');
    await expect(ui.chats).toHaveText(['An evening']);
});
