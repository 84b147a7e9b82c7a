// Users are for administrators.
import { bootstrapKey, withKeys } from './support/config';
import { expect, test } from './support/fixtures';

test.use({ config: withKeys, variables: { PARLEY_AUTH_BOOTSTRAP_KEY: bootstrapKey }, key: bootstrapKey });

test('an administrator makes a user and a key, changes both, and deletes them', async ({
    ui,
    accounts,
    api,
    watch,
}) => {
    watch.allowStatus(401);
    await ui.page.goto('/');
    await accounts.signIn(bootstrapKey);
    await ui.visit('Users');
    await accounts.makeUser('Grace');
    await expect(accounts.row('Grace')).toBeVisible();
    await accounts.renameUser('Grace', 'Grace Hopper');
    await expect(accounts.row('Grace Hopper')).toBeVisible();
    await accounts.openKeysOf('Grace Hopper');
    const key = await accounts.makeKey('laptop');
    const grace = api.as(key);
    expect((await grace.ask<{ name: string; is_admin: boolean }>('GET', '/users/me')).name).toBe(
        'Grace Hopper',
    );
    await accounts.revoke('laptop');
    await expect.poll(async () => (await grace.raw('GET', '/users/me')).status).toBe(401);
    await ui.closeDialog();
    await accounts.deleteUser('Grace Hopper');
    await expect(accounts.row('Grace Hopper')).toHaveCount(0);
    const users = await api.all<{ name: string }>('/users');
    expect(users.map((one) => one.name)).not.toContain('Grace Hopper');
});

test('the server’s own user is named as such, and is not offered for deletion', async ({
    ui,
    accounts,
    api,
    watch,
}) => {
    watch.allowStatus(401);
    await api.makeUser('Grace');
    const own = await api.ask<{ user_id: string }>('GET', '/users/me'); // the configured key is the own user's
    await ui.page.goto('/');
    await accounts.signIn(bootstrapKey);
    await ui.visit('Users');
    await expect(accounts.row('The server’s own user')).toContainText(own.user_id);
    await expect(ui.button('Delete Grace')).toBeVisible();
    await expect(ui.button(/^Delete /)).toHaveCount(1);
});

test('the list of users goes on page by page', async ({ ui, accounts, api, watch }) => {
    watch.allowStatus(401);
    for (let n = 1; n <= 45; n++) await api.makeUser(`user ${n}`);
    await ui.page.goto('/');
    await accounts.signIn(bootstrapKey);
    await ui.visit('Users');
    await expect(accounts.row('user 45')).toBeVisible();
    while ((await ui.button('Show more').count()) > 0) {
        const before = await ui.page.getByRole('listitem').count();
        await ui.button('Show more').click();
        await expect.poll(() => ui.page.getByRole('listitem').count()).toBeGreaterThan(before);
    }
    for (let n = 1; n <= 45; n++) await expect(accounts.row(`user ${n}`)).toHaveCount(1);
});

test('who is no administrator is offered no users, and gets none by the address', async ({
    ui,
    accounts,
    api,
    watch,
}) => {
    watch.allowStatus(401, 403);
    const user = await api.makeUser('Plain');
    const key = await api.keyFor(user.user_id);
    await api.makeUser('A secret colleague');
    await ui.page.goto('/');
    await accounts.signIn(key.key);
    await expect(ui.composer).toBeVisible();
    await expect(ui.linkTo('Users')).toHaveCount(0);
    await ui.page.goto('/#/users');
    await expect(ui.page.getByText(/administrator/i)).toBeVisible();
    await expect(ui.page.getByText('A secret colleague')).toHaveCount(0);
});
