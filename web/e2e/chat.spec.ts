// The chat: stop, retry, regenerate with siblings, edit and branch, copy, usage and speed on demand. How text is shown
// stands in markdown.spec.ts, what keeps a reply waiting or from coming in waiting.spec.ts.
import { expect, test } from './support/fixtures';
import { script } from './support/script';

test.describe('a reply', () => {
    test.use({ speaks: true });

    test('streams: each word is shown when it was said', async ({ ui, upstream }) => {
        await ui.open();
        await ui.send('Hello?');
        const asked = await upstream.next();
        expect(asked.text).toBe('Hello?');
        await expect(ui.stopButton).toBeVisible();
        asked.say('One ');
        await expect(ui.reply).toHaveText('One');
        asked.say('two.');
        await expect(ui.reply).toHaveText('One two.');
        asked.end();
        await expect(ui.stopButton).toHaveCount(0);
        await expect(ui.reply).toHaveText('One two.');
    });

    test('stops when it is told to, and keeps what was said', async ({ ui, upstream, api }) => {
        await ui.open();
        await ui.send('Go on and on.');
        const asked = await upstream.next();
        asked.say('So far');
        await expect(ui.reply).toHaveText('So far');
        await ui.stopButton.click();
        await asked.left();
        await expect(ui.stopButton).toHaveCount(0);
        await expect(ui.reply).toHaveText('So far');
        const [, reply] = await api.messages(await ui.chatId());
        expect(reply?.status).toBe('stopped');
    });

    test('can be another: the siblings are counted and gone through', async ({ ui, upstream, api }) => {
        await ui.open();
        upstream.answersWith('First answer');
        await ui.send('Say something.');
        await expect(ui.reply).toHaveText('First answer');
        upstream.answersWith('Second answer');
        await ui.ofReply('Write another reply').click();
        await expect(ui.reply).toHaveText('Second answer');
        upstream.answersWith('Third answer');
        await ui.ofReply('Write another reply').click();
        await expect(ui.reply).toHaveText('Third answer');
        await expect(ui.siblingCount).toHaveText('3/3');
        await ui.previousSibling.click();
        await expect(ui.reply).toHaveText('Second answer');
        await expect(ui.siblingCount).toHaveText('2/3');
        await ui.previousSibling.click();
        await expect(ui.reply).toHaveText('First answer');
        await expect(ui.previousSibling).toBeDisabled();
        await ui.nextSibling.click();
        await expect(ui.reply).toHaveText('Second answer');
        // It is the branch that goes on, also for who comes later.
        const id = await ui.chatId();
        await expect.poll(() => api.texts(id)).toEqual(['Say something.', 'Second answer']);
        await ui.page.reload();
        await expect(ui.reply).toHaveText('Second answer');
        await expect(ui.siblingCount).toHaveText('2/3');
    });

    test('shows what it thought when one asks for it', async ({ ui, upstream }) => {
        await ui.open();
        await ui.send('Think!');
        const asked = await upstream.next();
        asked.think('It could be 42.');
        asked.say('42');
        asked.end();
        await expect(ui.reply).toContainText('42');
        await expect(ui.page.getByText('It could be 42.')).toBeHidden();
        await ui.replies.last().getByText('Thoughts').click();
        await expect(ui.page.getByText('It could be 42.')).toBeVisible();
    });

    test('stays where it is when its long thoughts are unfolded', async ({ ui, upstream }) => {
        await ui.open();
        await ui.send('Think!');
        const asked = await upstream.next();
        asked.think('It could be.\n\n'.repeat(200));
        asked.say('42');
        asked.end();
        await expect(ui.reply).toContainText('42');
        const thoughts = ui.replies.last().getByText('Thoughts');
        await thoughts.click();
        await expect(ui.page.getByText('It could be.').first()).toBeVisible();
        await expect(thoughts).toBeInViewport();
    });

    test('is written on while one looks at another chat', async ({ ui, upstream, api, page }) => {
        const other = await api.newChat('another');
        await api.note(other.interaction_id, 'something else');
        await ui.open();
        await ui.send('Long?');
        const asked = await upstream.next();
        asked.say('Begun. ');
        await expect(ui.reply).toHaveText('Begun.');
        await ui.chat('another').click();
        await expect(ui.questions).toHaveText([/something else/]);
        await expect(ui.replies).toHaveCount(0);
        await expect(ui.stopButton).toHaveCount(0);
        asked.say('Gone on.');
        await page.goBack();
        await expect(ui.reply).toHaveText('Begun. Gone on.');
        await expect(ui.stopButton).toBeVisible();
        asked.end();
        await expect(ui.stopButton).toHaveCount(0);
        await page.goForward();
        await expect(ui.questions).toHaveText([/something else/]);
    });

    test('may call tools, which are shown with what they are given', async ({ ui, upstream }) => {
        await ui.open();
        await ui.send('What time is it?');
        const asked = await upstream.next();
        asked.say('Let me look.');
        asked.call('get_time', { zone: 'UTC' });
        await expect(ui.reply).toHaveText('Let me look.');
        await expect(ui.lastMessage).toContainText('Calls get_time');
        await ui.lastMessage.getByText('Calls get_time').click();
        await expect(ui.lastMessage.getByText(/"zone":\s*"UTC"/)).toBeVisible();
    });

    test('waits for the one before it where the chat is set so, in the order of sending', async ({
        ui,
        upstream,
        api,
    }) => {
        const made = await api.newChat('in line', { settings: { on_busy: 'queue' } });
        await ui.openChat(made.interaction_id);
        await ui.send('One?');
        const first = await upstream.next();
        first.say('One');
        await expect(ui.reply).toHaveText('One');
        await ui.send('Two?');
        await expect(ui.lastMessage).toContainText('Waits until the replies before it are written.');
        first.say(' is done.');
        first.end();
        const second = await upstream.next();
        expect(second.text).toBe('Two?');
        second.say('Two is done.');
        second.end();
        await expect(ui.replies).toHaveCount(2);
        await expect(ui.reply).toHaveText('Two is done.');
        await expect
            .poll(() => api.texts(made.interaction_id))
            .toEqual(['One?', 'One is done.', 'Two?', 'Two is done.']);
    });

    test('tells its usage, cost and speed on demand', async ({ ui, upstream }) => {
        await ui.open();
        await ui.send('What does it cost?');
        const asked = await upstream.next();
        asked.say('Che');
        await expect(ui.reply).toHaveText('Che');
        asked.say('ap');
        asked.end();
        await expect(ui.reply).toHaveText('Cheap');
        await ui.showDetails();
        const details = ui.details;
        await expect(details).toContainText('remote'); // the model
        await expect(details).toContainText('12'); // tokens read
        await expect(details).toContainText('34'); // tokens written
        await expect(details).toContainText(/0\.000148/); // USD
        await expect(details).toContainText(/tokens?\/s/);
    });
});

test('a reply that failed says why, and can be tried again', async ({ ui, api }) => {
    await ui.open();
    await ui.send(script({ tokens: ['Half ', 'a '], fail_after: 2, fail_code: 'broken_wire' }));
    await expect(ui.reply).toContainText('Half a');
    await expect(ui.lastMessage).toContainText(/script|failed/i);
    await ui.ofReply('Try again').first().click();
    await expect(ui.siblingCount).toHaveText('2/2');
    await expect(ui.stopButton).toHaveCount(0);
    const all = await api.messages(await ui.chatId(), 'all');
    expect(all.filter((one) => one.role === 'assistant').map((one) => one.status)).toEqual([
        'failed',
        'failed',
    ]);
    expect(all.filter((one) => one.role === 'user')).toHaveLength(1);
});

test('a message is edited: a branch begins, and the old one is a step away', async ({ ui, api }) => {
    await ui.open();
    await ui.send('first question');
    await expect(ui.reply).toContainText('[user] first question');
    await expect(ui.stopButton).toHaveCount(0);
    await ui.send('second question');
    await expect(ui.reply).toContainText('second question');
    await ui.ofMessage('first question', 'Edit').click();
    await expect(ui.composer).toHaveValue('first question');
    await ui.composer.fill('better question');
    await ui.composer.press('Enter');
    await expect(ui.questions).toHaveText([/better question/]);
    await expect(ui.reply).toContainText('[user] better question');
    await expect(ui.siblingCount).toHaveText('2/2');
    await ui.previousSibling.click();
    await expect(ui.questions).toHaveText([/first question/, /second question/]);
    const id = await ui.chatId();
    await expect.poll(async () => (await api.texts(id))[0]).toBe('first question');
    expect((await api.messages(id, 'all')).filter((one) => one.role === 'user')).toHaveLength(3);
});

test('an edit can be given up, and the draft from before is there again', async ({ ui, api }) => {
    await ui.open();
    await ui.send('question');
    await expect(ui.reply).toContainText('question');
    await ui.composer.fill('half a thought');
    await ui.ofMessage('question', 'Edit').click();
    await expect(ui.composer).toHaveValue('question');
    await ui.composer.press('Escape');
    await expect(ui.composer).toHaveValue('half a thought');
    expect(await api.texts(await ui.chatId())).toHaveLength(2);
});

test('an edit outlives a look at another page', async ({ ui, page }) => {
    await ui.open();
    await ui.send('question');
    await expect(ui.reply).toContainText('question');
    await ui.ofMessage('question', 'Edit').click();
    await ui.composer.fill('a much better question');
    await ui.visit('Usage');
    await page.goBack();
    await expect(ui.composer).toHaveValue('a much better question');
});

test('an edit goes into the field when its message is not shown any more', async ({ ui, api }) => {
    await ui.open();
    await ui.send('question');
    await expect(ui.reply).toContainText('question');
    await ui.ofMessage('question', 'Edit').click();
    await ui.composer.fill('other question');
    await ui.composer.press('Enter');
    await expect(ui.reply).toContainText('other question');
    await ui.ofMessage('other question', 'Edit').click();
    await ui.composer.fill('best question');
    await ui.previousSibling.click();
    await expect(ui.reply).not.toContainText('other question');
    await ui.composer.press('Enter');
    await expect(ui.page.getByText('is not shown any more')).toBeVisible();
    await expect(ui.composer).toHaveValue('best question');
    await ui.composer.press('Enter');
    await expect(ui.questions).toHaveText([/question/, /best question/]);
    const id = await ui.chatId();
    await expect.poll(async () => (await api.texts(id, 'all')).join()).toContain('best question');
});

test('a reply is copied as it was written, in Markdown', async ({ ui, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await ui.open();
    await ui.send(script({ tokens: ['**bold** ', 'and `code`'] }));
    await expect(ui.reply).toHaveText('bold and code');
    await ui.ofReply('Copy').click();
    await expect
        .poll(() => ui.page.evaluate(() => navigator.clipboard.readText()))
        .toBe('**bold** and `code`');
});
