// A send retried by the page never doubles; drafts persist.
import { expect, test } from './support/fixtures';
import { hold } from './support/hold';

test.use({ speaks: true, network: 'in hand' });

test('a send whose answer was lost is sent again by the page, and happens once', async ({
    ui,
    upstream,
    door,
    watch,
    api,
}) => {
    watch.allowLostNetwork();
    const made = await api.newChat('once');
    upstream.answersWith('Heard once.');
    await ui.openChat(made.interaction_id);
    door.swallow(); // the request arrives, its answer does not
    await ui.send('Only once.');
    await expect.poll(() => api.texts(made.interaction_id)).toEqual(['Only once.', 'Heard once.']);
    door.shut(); // also for the browser, which tries once more by itself
    await expect(ui.connectionLost).toBeVisible();
    door.restore();
    await expect(ui.reply).toHaveText('Heard once.');
    await expect(ui.questions).toHaveText([/Only once\./]);
    await expect.poll(() => api.texts(made.interaction_id, 'all')).toEqual(['Only once.', 'Heard once.']);
});

test('so is the first one of a new chat: one chat, one message', async ({
    ui,
    upstream,
    door,
    watch,
    api,
}) => {
    watch.allowLostNetwork();
    upstream.answersWith('Welcome.');
    await ui.open();
    door.swallow();
    await ui.send('A beginning.');
    await expect.poll(async () => (await api.chats()).length).toBe(1);
    door.shut(); // also for the browser, which tries once more by itself
    await expect(ui.connectionLost).toBeVisible();
    door.restore();
    await expect(ui.reply).toHaveText('Welcome.');
    const chats = await api.chats();
    expect(chats).toHaveLength(1);
    await expect
        .poll(() => api.texts(chats[0]?.interaction_id ?? '', 'all'))
        .toEqual(['A beginning.', 'Welcome.']);
    await expect(ui.chats).toHaveCount(1);
});

test('a page that is reloaded while a send is under way sends it again, and it happens once', async ({
    ui,
    upstream,
    door,
    watch,
    api,
}) => {
    watch.allowLostNetwork();
    const made = await api.newChat('once, too');
    upstream.answersWith('Heard.');
    await ui.openChat(made.interaction_id);
    door.swallow();
    await ui.send('Before the reload.');
    await expect.poll(() => api.texts(made.interaction_id)).toEqual(['Before the reload.', 'Heard.']);
    door.restore();
    await ui.page.reload();
    await expect(ui.reply).toHaveText('Heard.');
    await expect(ui.questions).toHaveText([/Before the reload\./]);
    await expect(ui.stopButton).toHaveCount(0);
    await expect.poll(() => api.texts(made.interaction_id, 'all')).toEqual(['Before the reload.', 'Heard.']);
});

test('what was not sent before a reload is sent after it', async ({
    ui,
    upstream,
    door,
    watch,
    api,
    page,
}) => {
    watch.allowLostNetwork();
    const made = await api.newChat('patient');
    upstream.answersWith('There you are.');
    await ui.openChat(made.interaction_id);
    await page.route('**/messages', (route) => route.abort()); // the request does not leave the browser
    await ui.send('Keep me.');
    await expect(ui.questions).toHaveText([/Keep me\./]);
    await page.unroute('**/messages');
    door.cut();
    await page.reload();
    await expect(ui.reply).toHaveText('There you are.');
    await expect.poll(() => api.texts(made.interaction_id, 'all')).toEqual(['Keep me.', 'There you are.']);
});

test('what could not be sent is kept, and sent when the network is back', async ({
    ui,
    upstream,
    door,
    watch,
    api,
}) => {
    watch.allowLostNetwork();
    const made = await api.newChat('offline');
    upstream.answersWith('At last.');
    await ui.openChat(made.interaction_id);
    door.shut();
    await expect(ui.connectionLost).toBeVisible();
    await ui.send('Into the void.');
    await expect(ui.questions).toHaveText([/Into the void\./]);
    await expect.poll(() => api.texts(made.interaction_id)).toEqual([]);
    door.restore();
    await expect(ui.reply).toHaveText('At last.');
    await expect.poll(() => api.texts(made.interaction_id, 'all')).toEqual(['Into the void.', 'At last.']);
});

test('Enter twice sends once', async ({ ui, upstream, api }) => {
    upstream.answersWith('Yes.');
    await ui.open();
    await ui.composer.fill('Hasty');
    await ui.composer.press('Enter');
    await ui.composer.press('Enter');
    await expect(ui.reply).toHaveText('Yes.');
    expect(await api.chats()).toHaveLength(1);
    await expect.poll(async () => api.texts(await ui.chatId(), 'all')).toEqual(['Hasty', 'Yes.']);
});

test.describe('drafts', () => {
    test('outlive a reload, each in its chat', async ({ ui, api }) => {
        const one = await api.newChat('one');
        const two = await api.newChat('two');
        await ui.openChat(one.interaction_id);
        await ui.composer.fill('draft of one');
        await ui.chat('two').click();
        await expect(ui.composer).toHaveValue('');
        await ui.composer.fill('draft of two');
        await ui.newChat();
        await ui.composer.fill('draft of a new chat');
        await ui.page.reload();
        await expect(ui.composer).toHaveValue('draft of a new chat');
        await ui.chat('one').click();
        await expect(ui.composer).toHaveValue('draft of one');
        await ui.openChat(two.interaction_id);
        await expect(ui.composer).toHaveValue('draft of two');
    });

    test('are gone when they were sent', async ({ ui, upstream }) => {
        upstream.answersWith('Got it.');
        await ui.open();
        await ui.send('sent');
        await expect(ui.reply).toHaveText('Got it.');
        await expect(ui.composer).toHaveValue('');
        await ui.page.reload();
        await expect(ui.reply).toHaveText('Got it.');
        await expect(ui.composer).toHaveValue('');
        await ui.newChat();
        await expect(ui.composer).toHaveValue('');
    });
});

test.describe('before the chat is loaded', () => {
    let carryOn: () => void;

    test.beforeEach(async ({ ui, api, page }) => {
        const made = await api.newChat('slow to load');
        await api.note(made.interaction_id, 'from before');
        carryOn = await hold(page, '**/interactions/*?include=message_list*');
        await ui.open(`/#/c/${made.interaction_id}`);
        await ui.composer.fill('Quick.');
        await ui.composer.press('Enter');
        await expect(ui.composer).toHaveValue('Quick.');
    });

    test('Enter sends as soon as it is', async ({ ui, upstream, api }) => {
        upstream.answersWith('In time.');
        carryOn();
        await expect(ui.reply).toHaveText('In time.');
        await expect(ui.composer).toHaveValue('');
        await expect(ui.questions).toHaveText([/from before/, /Quick\./]);
        expect(await api.texts(await ui.chatId())).toEqual(['from before', 'Quick.', 'In time.']);
    });

    test('who writes on after Enter has not sent', async ({ ui, api }) => {
        await ui.composer.press('End');
        await ui.composer.pressSequentially(' Or not');
        carryOn();
        await expect(ui.questions).toHaveText([/from before/]);
        await expect(ui.composer).toHaveValue('Quick. Or not');
        expect(await api.texts(await ui.chatId())).toEqual(['from before']);
    });

    test('what is sent stays where it is when a reply is being written', async ({ ui, upstream, api }) => {
        const id = await ui.chatId();
        await api.change(id, { settings: { on_busy: 'interrupt' } });
        const turn = api.say(id, 'From elsewhere.');
        const asked = await upstream.next();
        asked.say('So far');
        carryOn();
        await expect(
            ui.page.getByText('A reply is being written. Stop it, or wait for its end.'),
        ).toBeVisible();
        await expect(ui.composer).toHaveValue('Quick.');
        asked.end();
        await turn;
        expect(await api.texts(id)).toEqual(['from before', 'From elsewhere.', 'So far']);
    });
});
