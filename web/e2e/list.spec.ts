// The list of interactions: newest first, grouped by day, endless scroll by cursor, instant filter by title, rename,
// pin, archive, delete with undo, title appearing by itself.
import type { Interaction } from '../src/api/types';
import { expect, test } from './support/fixtures';

const day = 24 * 60 * 60 * 1000;

test('the newest is first, and a message moves its chat to the front', async ({ api, ui }) => {
    const first = await api.newChat('first');
    await api.newChat('second');
    await api.newChat('third');
    await ui.open();
    await expect(ui.chats).toHaveText(['third', 'second', 'first']);
    await api.note(first.interaction_id, 'news');
    await expect(ui.chats).toHaveText(['first', 'third', 'second']);
});

test('chats are grouped by the day of their last message', async ({ api, ui, page }) => {
    for (const title of ['of last year', 'of last week', 'of yesterday', 'of today'])
        await api.newChat(title);
    const ages: Record<string, number> = { 'of yesterday': 1, 'of last week': 6, 'of last year': 400 };
    await page.route(/\/api\/v1\/interactions\?/, async (route) => {
        const answer = await route.fetch();
        const list = (await answer.json()) as { data: Interaction[] };
        for (const one of list.data) {
            const then = Date.parse(one.last_message_at) - (ages[one.title] ?? 0) * day;
            one.last_message_at = new Date(then).toISOString();
        }
        await route.fulfill({ response: answer, json: list });
    });
    await ui.open();
    await expect(ui.chats).toHaveText(['of today', 'of yesterday', 'of last week', 'of last year']);
    await expect(ui.chatsUnder('Today')).toHaveText(['of today']);
    await expect(ui.chatsUnder('Yesterday')).toHaveText(['of yesterday']);
    expect(await ui.dayHeadings.count()).toBe(4);
});

test('120 chats come page by page while one scrolls, each once', async ({ api, ui, page }) => {
    for (let n = 1; n <= 120; n++) await api.newChat(`chat ${n}`);
    const asked: URL[] = [];
    page.on('request', (request) => {
        const url = new URL(request.url());
        if (url.pathname === '/api/v1/interactions' && request.method() === 'GET') asked.push(url);
    });
    await ui.open();
    await expect(ui.chats.first()).toHaveText('chat 120');
    await expect(ui.chat('chat 1')).toHaveCount(0);
    expect(
        asked.filter((url) => url.searchParams.has('cursor')),
        'pages further down',
    ).toEqual([]);

    const seen = await ui.scrollThroughChats();
    expect(await ui.chats.count(), 'rows that are made').toBeLessThan(80);
    expect(seen).toEqual(Array.from({ length: 120 }, (_, n) => `chat ${120 - n}`));
    const cursors = asked.map((url) => url.searchParams.get('cursor')).filter((cursor) => cursor !== null);
    expect(cursors.length).toBeGreaterThan(1);
    expect(new Set(cursors).size, 'no page is read twice').toBe(cursors.length);
});

test('the filter shows at once what has the words in its title, however far down it is', async ({
    api,
    ui,
}) => {
    await api.newChat('A needle at the bottom');
    for (let n = 1; n <= 60; n++) await api.newChat(`hay ${n}`);
    await ui.open();
    await ui.filter.fill('HAY 6');
    await expect(ui.chats).toHaveText(['hay 60', 'hay 6']);
    await ui.filter.fill('needle');
    await expect(ui.chats).toHaveText(['A needle at the bottom']);
    await ui.filter.fill('no such chat');
    await expect(ui.chats).toHaveCount(0);
    await ui.filter.fill('');
    await expect(ui.chats.first()).toHaveText('hay 60');
});

test('the filter needs no request for what is here already', async ({ api, ui, page }) => {
    for (let n = 1; n <= 12; n++) await api.newChat(`chat ${n}`);
    // Once the stream of events is open the list is read, once more if it was read without waiting for it.
    const stream = page.waitForResponse((response) => response.url().endsWith('/api/v1/events'));
    const reading = stream.then(() => page.waitForRequest(/\/interactions\?/));
    await ui.open();
    await (await reading).response();
    await expect(ui.chats).toHaveCount(12);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await ui.filter.fill('chat 12');
    await expect(ui.chats).toHaveText(['chat 12']);
    expect(asked).toEqual([]);
});

test('a chat is renamed in its place, by Enter, and Escape leaves it as it was', async ({ api, ui }) => {
    const made = await api.newChat('Old name');
    await ui.open();
    await ui.chooseOf('Old name', 'Rename');
    await expect(ui.renaming).toBeFocused();
    await ui.renaming.fill('Never');
    await ui.renaming.press('Escape');
    await expect(ui.chats).toHaveText(['Old name']);
    await ui.chooseOf('Old name', 'Rename');
    await ui.renaming.fill('New name');
    await ui.renaming.press('Enter');
    await expect(ui.chats).toHaveText(['New name']);
    await expect.poll(async () => (await api.chat(made.interaction_id)).title).toBe('New name');
});

test('a pinned chat stands above all others until it is let go', async ({ api, ui }) => {
    const old = await api.newChat('old');
    await api.newChat('new');
    await ui.open();
    await ui.chooseOf('old', 'Pin');
    await expect(ui.chats).toHaveText(['old', 'new']);
    await expect(ui.chatsUnder('Pinned')).toHaveText(['old']);
    await expect.poll(async () => (await api.chat(old.interaction_id)).pinned).toBe(true);
    await ui.chooseOf('old', 'Unpin');
    await expect(ui.chats).toHaveText(['new', 'old']);
    await expect.poll(async () => (await api.chat(old.interaction_id)).pinned).toBe(false);
});

test('an archived chat leaves the list and comes back out of the archive', async ({ api, ui }) => {
    const made = await api.newChat('put away');
    await api.newChat('at hand');
    await ui.open();
    await ui.chooseOf('put away', 'Archive');
    await expect(ui.chats).toHaveText(['at hand']);
    await expect.poll(async () => (await api.chat(made.interaction_id)).archived).toBe(true);
    await ui.showArchive();
    await expect(ui.chats).toHaveText(['put away']);
    await ui.chooseOf('put away', 'Take out of the archive');
    await expect(ui.chats).toHaveCount(0);
    await ui.leaveArchive();
    await expect(ui.chats).toHaveText(['at hand', 'put away']);
});

test('a deleted chat can be taken back, and then nothing was deleted', async ({ api, ui }) => {
    const made = await api.newChat('precious');
    await ui.open();
    await ui.chooseOf('precious', 'Delete');
    await expect(ui.chats).toHaveCount(0);
    await ui.button('Undo').click();
    await expect(ui.chats).toHaveText(['precious']);
    await ui.page.reload();
    await expect(ui.chats).toHaveText(['precious']);
    expect((await api.raw('GET', `/interactions/${made.interaction_id}`)).status).toBe(200);
});

test('a deleted chat is gone when the time for undoing is over', async ({ api, ui, page }) => {
    const made = await api.newChat('no more');
    await page.clock.install();
    await ui.open();
    await ui.chooseOf('no more', 'Delete');
    await expect(ui.button('Undo')).toBeVisible();
    await page.clock.runFor(30_000);
    await expect(ui.button('Undo')).toHaveCount(0);
    await expect
        .poll(async () => (await api.raw('GET', `/interactions/${made.interaction_id}`)).status)
        .toBe(404);
    await expect(ui.chats).toHaveCount(0);
});

test('a deleted chat is deleted when the page is left before the time is over', async ({ api, ui, page }) => {
    const made = await api.newChat('left behind');
    await ui.open();
    await ui.chooseOf('left behind', 'Delete');
    await expect(ui.button('Undo')).toBeVisible();
    await page.goto('about:blank');
    await expect
        .poll(async () => (await api.raw('GET', `/interactions/${made.interaction_id}`)).status)
        .toBe(404);
});

test('the chat that is open and deleted makes place for a new one', async ({ api, ui, page }) => {
    const made = await api.newChat('open');
    await ui.openChat(made.interaction_id);
    await ui.chooseOf('open', 'Delete');
    await expect(page).toHaveURL(/#\/$/);
    await expect(ui.composer).toBeVisible();
});

test.describe('titles', () => {
    test.use({ config: { titles: { mode: 'words' } } });

    test('a title appears by itself after the first exchange', async ({ ui, page }) => {
        await ui.open();
        await ui.send('How do I bake bread?');
        await expect(ui.replies).toHaveCount(1);
        await expect(ui.chats).toHaveText(['How do I bake bread?']);
        await expect(page).toHaveTitle(/How do I bake bread\?/);
    });
});
