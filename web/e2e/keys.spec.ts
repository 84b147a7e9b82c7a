// An expired or deleted key asks again, keeps the draft and goes on. One's own keys are made and deleted.
import type { NewKey } from '../src/api/types';
import { Accounts } from './support/accounts';
import type { Api } from './support/api';
import { bootstrapKey, withKeys } from './support/config';
import { expect, test } from './support/fixtures';

test.use({
    config: withKeys,
    variables: { PARLEY_AUTH_BOOTSTRAP_KEY: bootstrapKey },
    key: bootstrapKey,
    speaks: true,
});

async function person(api: Api, name: string): Promise<{ key: NewKey; another: () => Promise<NewKey> }> {
    const user = await api.makeUser(name);
    return { key: await api.keyFor(user.user_id), another: () => api.keyFor(user.user_id) };
}

test('without a key the page asks for one, and refuses a wrong one with words', async ({
    ui,
    accounts,
    api,
    watch,
}) => {
    watch.allowStatus(401);
    const { key } = await person(api, 'Ada');
    await ui.page.goto('/');
    await expect(accounts.keyField).toBeFocused();
    await accounts.signIn('parley_wrong');
    await expect(ui.dialog).toContainText('The server does not know this key.');
    await expect(accounts.keyField).toBeVisible();
    await accounts.signIn(key.key);
    await expect(ui.composer).toBeVisible();
});

test('a key is remembered when one wants that, and else only in its tab', async ({
    ui,
    accounts,
    api,
    watch,
    anotherTab,
}) => {
    watch.allowStatus(401);
    const { key } = await person(api, 'Ada');
    await ui.page.goto('/');
    await accounts.signIn(key.key, false);
    await expect(ui.composer).toBeVisible();
    await ui.page.reload();
    await expect(ui.composer).toBeVisible();
    const other = await anotherTab();
    await other.page.goto('/');
    await expect(new Accounts(other).keyField).toBeVisible();
    await new Accounts(other).signIn(key.key, true);
    await expect(other.composer).toBeVisible();
    const third = await anotherTab();
    await third.page.goto('/');
    await expect(third.composer).toBeVisible();
});

test('signing out forgets the key', async ({ ui, accounts, api, watch }) => {
    watch.allowStatus(401);
    const { key } = await person(api, 'Ada');
    await ui.page.goto('/');
    await accounts.signIn(key.key, true);
    await expect(ui.composer).toBeVisible();
    await accounts.signOut();
    await expect(accounts.keyField).toBeVisible();
    await ui.page.reload();
    await expect(accounts.keyField).toBeVisible();
    const kept = await ui.page.evaluate(() =>
        Object.values(localStorage).concat(Object.values(sessionStorage)).join(),
    );
    expect(kept).not.toContain(key.key);
});

test('a key that was deleted is asked for again; the draft is kept, and the chat goes on', async ({
    ui,
    accounts,
    api,
    watch,
    upstream,
}) => {
    watch.allowStatus(401);
    const { key, another } = await person(api, 'Ada');
    upstream.answersWith('Welcome.');
    await ui.page.goto('/');
    await accounts.signIn(key.key);
    await ui.send('Hello.');
    await expect(ui.reply).toHaveText('Welcome.');
    const url = ui.page.url();
    await ui.composer.fill('half a thought');
    await api.deleteKeyOf(key.user_id, key.key_id);
    await expect.poll(async () => (await api.as(key.key).raw('GET', '/users/me')).status).toBe(401);
    await ui.composer.press('Enter');
    await expect(accounts.keyField).toBeVisible();
    await accounts.signIn((await another()).key);
    await expect(accounts.keyField).toHaveCount(0);
    await expect(ui.page).toHaveURL(url);
    await ui.sendKept('half a thought');
    await expect(ui.questions).toHaveText([/Hello\./, /half a thought/]);
    const mine = api.as((await another()).key);
    const [chat] = await mine.chats();
    await expect
        .poll(() => mine.texts(chat?.interaction_id ?? '', 'all'))
        .toEqual(['Hello.', 'Welcome.', 'half a thought', 'Welcome.']);
});

test('a key that expires in mid-reply is asked for again, and the reply is read to its end', async ({
    ui,
    accounts,
    api,
    watch,
    upstream,
}) => {
    watch.allowStatus(401);
    watch.allowLostNetwork();
    test.slow(); // a busy machine needs some of these seconds to get as far as the reply
    const user = await api.makeUser('Ada');
    const end = new Date(Date.now() + 20_000).toISOString();
    const key = await api.keyFor(user.user_id, { expires_at: end });
    await ui.page.goto('/');
    await accounts.signIn(key.key);
    await ui.send('Tell me.');
    const asked = await upstream.next();
    asked.say('Before. ');
    await expect(ui.reply).toHaveText('Before.');
    await ui.composer.fill('kept');
    const refused = async () => (await api.as(key.key).raw('GET', '/users/me')).status;
    await expect.poll(refused, { timeout: 30_000 }).toBe(401);
    asked.say('After.'); // the server closes the stream rather than send this
    await expect(accounts.keyField).toBeVisible({ timeout: 20_000 });
    await accounts.signIn((await api.keyFor(user.user_id)).key);
    await expect(ui.reply).toHaveText('Before. After.');
    await expect(ui.composer).toHaveValue('kept');
    asked.end();
    await expect(ui.stopButton).toHaveCount(0);
});

test('who signs in as somebody else does not see the chats or the drafts of the one before', async ({
    ui,
    accounts,
    api,
    watch,
    upstream,
}) => {
    watch.allowStatus(401, 404);
    const ada = await person(api, 'Ada');
    const bob = await person(api, 'Bob');
    upstream.answersWith('Yes.');
    await ui.page.goto('/');
    await accounts.signIn(ada.key.key);
    await ui.send('A secret of Ada');
    await expect(ui.reply).toHaveText('Yes.');
    await accounts.signOut();
    await accounts.signIn(bob.key.key);
    await expect(accounts.keyField).toHaveCount(0);
    await expect(ui.page.getByText('A secret of Ada')).toHaveCount(0);
    await expect(ui.chats).toHaveCount(0);
});

test('two tabs of one browser in which two people are signed in hear nothing of each other', async ({
    ui,
    accounts,
    api,
    watch,
    anotherTab,
    upstream,
}) => {
    watch.allowStatus(401);
    const ada = await person(api, 'Ada');
    const bob = await person(api, 'Bob');
    upstream.answersWith('Yes.');
    await ui.page.goto('/');
    await accounts.signIn(ada.key.key, false);
    await expect(ui.composer).toBeVisible();
    const other = await anotherTab();
    await other.page.goto('/');
    await new Accounts(other).signIn(bob.key.key, false);
    await expect(other.greeting).toContainText('Bob');
    await expect(ui.greeting).toContainText('Ada');
    await api.as(ada.key.key).newChat('of Ada');
    await api.as(bob.key.key).newChat('of Bob');
    await expect(ui.chats).toHaveText(['of Ada']);
    await expect(other.chats).toHaveText(['of Bob']);
    await ui.composer.fill('a draft of Ada');
    await other.page.reload();
    await expect(other.chats).toHaveText(['of Bob']);
    await expect(other.composer).toHaveValue('');
    await other.send('Mine?');
    await expect(other.reply).toHaveText('Yes.');
    await api.as(ada.key.key).newChat('more of Ada');
    await expect(ui.chats).toHaveText(['more of Ada', 'of Ada']);
    await expect(other.chats).toHaveCount(2);
    await ui.page.reload();
    await expect(ui.composer).toHaveValue('a draft of Ada');
    await expect(ui.chats).toHaveText(['more of Ada', 'of Ada']);
});

test('a key of one’s own is made, shown once, used, and deleted', async ({ ui, accounts, api, watch }) => {
    watch.allowStatus(401);
    const { key } = await person(api, 'Ada');
    const mine = api.as(key.key);
    await ui.page.goto('/');
    await accounts.signIn(key.key);
    await ui.visit('Keys');
    const text = await accounts.makeKey('for my script');
    expect(text).toMatch(/^parley_[A-Za-z0-9_-]{43}$/);
    expect((await api.as(text).raw('GET', '/users/me')).status).toBe(200);
    await expect(ui.page.getByText(text)).toHaveCount(0);
    await expect(accounts.row('for my script')).toBeVisible();
    await ui.page.reload();
    await expect(accounts.row('for my script')).toContainText(text.slice(0, 8));
    await expect(ui.page.getByText(text)).toHaveCount(0);
    await accounts.revoke('for my script');
    await expect(accounts.row('for my script')).toHaveCount(0);
    await expect.poll(async () => (await api.as(text).raw('GET', '/users/me')).status).toBe(401);
    expect((await mine.ownKeys()).map((one) => one.name)).toEqual(['of a test']);
});

test('a new key can be copied where the browser has no clipboard, as without TLS', async ({
    ui,
    accounts,
    api,
    watch,
}) => {
    watch.allowStatus(401);
    const { key } = await person(api, 'Ada');
    await ui.page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
    await ui.page.goto('/');
    await accounts.signIn(key.key);
    await ui.visit('Keys');
    const text = await accounts.makeAndShowKey('for my script');
    await ui.button('Copy the key').click();
    await expect(ui.button('Copy the key')).toBeFocused();
    await ui.page.keyboard.press('Escape'); // it is shown this once
    await expect(ui.button('Copy the key')).toBeVisible();
    await accounts.keyIsKept();
    await ui.page.goto('/#/');
    await ui.composer.press('Control+V');
    await expect(ui.composer).toHaveValue(text);
});
