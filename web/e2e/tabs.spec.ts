// Two tabs stay in step.
import { expect, test } from './support/fixtures';

test.describe('what is said in one tab', () => {
    test.use({ speaks: true });

    test('is written in the other at the same time', async ({ ui, anotherTab, upstream }) => {
        await ui.open();
        upstream.answersWith('Here.');
        await ui.send('Begin.');
        await expect(ui.reply).toHaveText('Here.');
        const other = await anotherTab();
        await other.openChat(await ui.chatId());
        await expect(other.reply).toHaveText('Here.');
        await expect(ui.stopButton).toHaveCount(0);

        upstream.answers(() => undefined);
        const next = upstream.next();
        await ui.send('Go on.');
        const asked = await next;
        asked.say('Word ');
        await expect(ui.reply).toHaveText('Word');
        await expect(other.questions).toHaveCount(2);
        await expect(other.reply).toHaveText('Word');
        asked.say('by word.');
        await expect(other.reply).toHaveText('Word by word.');
        await other.stopButton.click(); // either may stop it
        await asked.left();
        await expect(ui.stopButton).toHaveCount(0);
        await expect(other.stopButton).toHaveCount(0);
        await expect(ui.reply).toHaveText('Word by word.');
    });

    test('branches in the other, too', async ({ ui, anotherTab, upstream }) => {
        await ui.open();
        upstream.answersWith('First.');
        await ui.send('Begin.');
        await expect(ui.reply).toHaveText('First.');
        const other = await anotherTab();
        await other.openChat(await ui.chatId());
        await expect(other.reply).toHaveText('First.');
        upstream.answersWith('Second.');
        await ui.ofReply('Write another reply').click();
        await expect(ui.reply).toHaveText('Second.');
        await expect(other.reply).toHaveText('Second.');
        await expect(other.siblingCount).toHaveText('2/2');
        await ui.previousSibling.click();
        await expect(other.reply).toHaveText('First.');
        await expect(other.siblingCount).toHaveText('1/2');
    });
});

test('the list is the same in both: new chats, names, pins, the archive, deletions', async ({
    ui,
    anotherTab,
    api,
}) => {
    await api.newChat('older');
    const made = await api.newChat('newer');
    await ui.open();
    const other = await anotherTab();
    await other.open();
    await expect(other.chats).toHaveText(['newer', 'older']);
    await ui.chooseOf('older', 'Pin');
    await expect(other.chats).toHaveText(['older', 'newer']);
    await ui.chooseOf('newer', 'Rename');
    await ui.renaming.fill('renamed');
    await ui.renaming.press('Enter');
    await expect(other.chats).toHaveText(['older', 'renamed']);
    await other.chooseOf('older', 'Archive');
    await expect(ui.chats).toHaveText(['renamed']);
    await api.newChat('from elsewhere');
    await expect(ui.chats).toHaveText(['from elsewhere', 'renamed']);
    await api.remove(made.interaction_id);
    await expect(ui.chats).toHaveText(['from elsewhere']);
    await expect(other.chats).toHaveText(['from elsewhere']);
});

test('a chat that is deleted in one tab is not open any more in the other', async ({
    ui,
    anotherTab,
    api,
}) => {
    const made = await api.newChat('short-lived');
    await ui.openChat(made.interaction_id);
    const other = await anotherTab();
    await other.openChat(made.interaction_id);
    await api.remove(made.interaction_id);
    for (const tab of [ui, other]) {
        await expect(tab.chats).toHaveCount(0);
        await expect(
            tab.page.getByRole('heading', { name: 'This chat does not exist.' }).or(tab.greeting),
        ).toBeVisible();
    }
});

test('a chat that is deleted in one tab comes back when something is written in it in the other', async ({
    ui,
    anotherTab,
    api,
}) => {
    const made = await api.newChat('precious');
    await ui.open();
    const other = await anotherTab();
    await other.openChat(made.interaction_id);
    await ui.chooseOf('precious', 'Delete');
    await expect(ui.chats).toHaveCount(0);
    await other.send('One thing more.');
    await expect(ui.chats).toHaveText(['precious']);
    await expect(ui.page.getByText('The chat is not deleted')).toBeVisible();
    await expect(ui.button('Undo')).toHaveCount(0);
    await ui.page.close(); // what is to be deleted is deleted then at the latest
    await other.page.reload();
    await expect(other.questions).toHaveCount(1);
});

test('the tabs that stay hear on when the one that was first is closed', async ({ ui, anotherTab, api }) => {
    await api.newChat('first');
    await ui.open();
    const [second, third] = [await anotherTab(), await anotherTab()];
    for (const tab of [second, third]) {
        await tab.open();
        await expect(tab.chats).toHaveText(['first']);
    }
    await ui.page.close();
    await api.newChat('news');
    for (const tab of [second, third]) await expect(tab.chats).toHaveText(['news', 'first']);
    await second.page.goto('about:blank');
    await api.newChat('more news');
    await expect(third.chats).toHaveText(['more news', 'news', 'first']);
    await second.page.goBack();
    await expect(second.chats).toHaveText(['more news', 'news', 'first']);
});

test('a tab that has crashed takes nothing with it', async ({ ui, anotherTab, api, page }) => {
    await api.newChat('first');
    await ui.open();
    const other = await anotherTab();
    await other.open();
    await expect(other.chats).toHaveText(['first']);
    await page.goto('chrome://crash').catch(() => undefined); // which is what it says
    await api.newChat('news');
    // Whoever looks at it makes it ask who still reads for it; left alone it does so within half a minute.
    await other.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await expect(other.chats).toHaveText(['news', 'first']);
});

test('seven tabs at once all come up and hear the news', async ({ ui, anotherTab, api }) => {
    // A browser opens six connections to one host: a stream in each tab would use them up.
    await api.newChat('first');
    const tabs = [ui];
    for (let n = 0; n < 6; n++) tabs.push(await anotherTab());
    for (const tab of tabs) await tab.open();
    await api.newChat('news');
    for (const tab of tabs) await expect(tab.chats).toHaveText(['news', 'first']);
});
