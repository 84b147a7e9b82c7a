// What keeps a reply waiting or from coming: the place in the queue, the server's refusals, a model that fails over.
import { failingOver, oneAtATime } from './support/config';
import { expect, test } from './support/fixtures';
import { listen } from './support/listen';
import { script } from './support/script';

test.describe('what the server refuses', () => {
    test.use({ config: { limits: { tokens_per_day: 1 } } });

    test('is told at the message, which can be taken back into the field', async ({ ui, watch, api }) => {
        watch.allowStatus(429);
        await ui.open();
        await ui.send('within the limit');
        await expect(ui.reply).toContainText('within the limit');
        await expect(ui.stopButton).toHaveCount(0);
        await ui.send('beyond it');
        await expect(ui.lastMessage).toContainText(/Not sent: .+/);
        await ui.button('Take back').click();
        await expect(ui.composer).toHaveValue('beyond it');
        await expect(ui.questions).toHaveCount(1);
        expect(await api.texts(await ui.chatId())).toHaveLength(2);
    });
});

test.describe('what the server refuses for now', () => {
    test.use({ config: { limits: { queued_generations: 1 } } });

    test('is sent again when one says so, and then once', async ({ ui, watch, api }) => {
        watch.allowStatus(429);
        const other = await api.newChat('in front');
        const turn = await api.begin(other.interaction_id, script({ tokens: ['x'], wait_for_stop: true }));
        const made = await api.newChat('patient');
        await ui.openChat(made.interaction_id);
        await ui.send('Now?');
        await expect(ui.lastMessage).toContainText(/Not sent: .+/);
        await api.ask(
            'POST',
            `/interactions/${other.interaction_id}/messages/${turn.reply?.message_id ?? ''}/stop`,
        );
        await ui.button('Send again').click();
        await expect(ui.reply).toHaveText('[user] Now?');
        await expect.poll(() => api.texts(made.interaction_id, 'all')).toEqual(['Now?', '[user] Now?']);
    });
});

test('a message that is too long is not sent, and the page says by how much', async ({ ui, api }) => {
    await ui.open();
    await ui.composer.fill('x'.repeat(262_144 + 2));
    await expect(ui.page.getByText('2 characters too many: 262,144 at most.')).toBeVisible();
    await ui.composer.press('Enter');
    await expect(ui.questions).toHaveCount(0);
    expect(await api.chats()).toEqual([]);
    await ui.composer.fill('short');
    await expect(ui.page.getByText('characters too many')).toHaveCount(0);
});

test.describe('who waits', () => {
    test.use({ config: oneAtATime });

    test('is told how many are before', async ({ ui, api, anotherBrowser }) => {
        const other = await api.newChat('in front');
        const turn = await api.begin(other.interaction_id, script({ tokens: ['x'], wait_for_stop: true }));
        await ui.open();
        await ui.send('my turn?');
        await expect(ui.status).toContainText('You are next');
        const second = await anotherBrowser();
        await second.open();
        const heard = await listen(second.page);
        await second.send('and mine?');
        await expect(second.status).toContainText('1 before you');
        await expect.poll(async () => (await heard()).join()).toMatch(/waits for others/);
        await api.ask(
            'POST',
            `/interactions/${other.interaction_id}/messages/${turn.reply?.message_id ?? ''}/stop`,
        );
        await expect(ui.reply).toContainText('my turn?');
        await expect(second.reply).toContainText('and mine?');
        await expect.poll(async () => (await heard()).join()).toMatch(/waits for others.*and mine\?/);
    });

    test('may give up the place', async ({ ui, api }) => {
        const other = await api.newChat('in front');
        await api.begin(other.interaction_id, script({ tokens: ['x'], wait_for_stop: true }));
        await ui.open();
        await ui.send('never mind');
        await expect(ui.status).toContainText('You are next');
        await ui.stopButton.click();
        await expect(ui.stopButton).toHaveCount(0);
        const [, reply] = await api.messages(await ui.chatId());
        expect(reply?.status).toBe('stopped');
    });
});

test.describe('a route', () => {
    test.use({ config: failingOver });

    test('shows that the first model failed and who answered', async ({ ui }) => {
        await ui.open();
        await ui.send('Anybody?');
        await expect(ui.reply).toContainText('Anybody?');
        await expect(ui.lastMessage).toContainText(/Answered by second after first failed: .+/);
        await ui.showDetails();
        await expect(ui.details.locator('dl')).toContainText(/first failed: .+second/);
    });
});
