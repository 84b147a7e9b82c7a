// @vitest-environment node
// What a tab has not sent when it is closed is sent by another one of the same user.
import { beforeEach, expect, test } from 'vitest';

import { problem } from './fake_answers';
import type { Seen } from './fake_parley';
import { settle, type Tab } from './tab';
import { beginAnew, open, server } from './world';

beginAnew();

let one: Tab;
let others: Tab[];

beforeEach(async () => {
    const hash = `#/c/${server.interaction('Chat').interaction_id}`;
    one = await open(hash);
    others = [await open(hash), await open()];
});

const isSend = (seen: Seen) => seen.method === 'POST' && seen.path.endsWith('/messages');
const sends = () => server.seen.filter(isSend);
const storedTexts = () =>
    [...server.messages.values()].filter(({ role }) => role === 'user').map(({ content }) => content);

function close(tab: Tab): void {
    tab.page.tell('leaving');
    tab.kill();
}

test('a message goes on, by one of the others, under its key', async () => {
    server.mishap = (seen) => (isSend(seen) ? 'lost' : null);
    void one.chat.send('Hello');
    await settle();
    close(one);
    server.mishap = () => null;
    await settle(5_000);
    expect(storedTexts()).toEqual(['Hello']);
    expect(sends()).toHaveLength(2);
    expect(new Set(sends().map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(others[0]?.said).toEqual(['user complete: Hello', 'assistant in_progress: ']);
    expect((await open()).state.interactions.visible.value).toHaveLength(1);
    await settle(10_000);
    expect(sends()).toHaveLength(2);
});

test('so does the first one of a new chat', async () => {
    server.mishap = (seen) => (seen.method === 'POST' ? 'lost' : null);
    one.state.go({ page: 'new' });
    void one.chat.send('Hello');
    await settle();
    close(one);
    server.mishap = () => null;
    await settle(5_000);
    expect(storedTexts()).toEqual(['Hello']);
    expect(server.interactions.size).toBe(2);
    for (const tab of others) expect(tab.said).toEqual([]);
    for (const tab of others) expect(tab.titles).toHaveLength(2);
});

test('a tab that is only loaded again goes on by itself', async () => {
    server.mishap = (seen) => (isSend(seen) ? 'lost' : null);
    void one.chat.send('Hello');
    await settle();
    one = await one.reload();
    server.mishap = () => problem(503, 'shutting_down');
    const before = sends().length;
    await settle(5_000);
    const own = sends().length - before;
    expect(own).toBeGreaterThan(1);
    expect(others[0]?.said).toEqual([]);
    server.mishap = () => null;
    await settle(10_000);
    expect(storedTexts()).toEqual(['Hello']);
});

test('what was refused waits for who looks for it', async () => {
    server.mishap = (seen) => (isSend(seen) ? problem(409, 'unknown_model') : null);
    void one.chat.send('Hello');
    await settle();
    close(one);
    await settle(5_000);
    expect(sends()).toHaveLength(1);
    expect(others[0]?.said).toEqual([]);
    expect((await open(others[0]?.page.hash())).said).toEqual(['user failed: Hello']);
});

test('what another has taken back meanwhile is not sent by a page that comes back as it was', async () => {
    server.mishap = (seen) => (isSend(seen) ? 'lost' : null);
    void one.chat.send('Hello');
    await settle();
    one.page.tell('leaving');
    await settle(5_000);
    const { chat } = others[0] ?? one;
    chat.discard(chat.messages.value[0]?.key ?? '');
    server.mishap = () => null;
    one.page.tell('shown');
    one.page.tell('restored');
    await settle(60_000);
    expect(one.said).toEqual([]);
    expect(storedTexts()).toEqual([]);
});

test('nobody else says it', async () => {
    server.mishap = (seen) => (isSend(seen) ? 'lost' : null);
    void one.chat.send('Hello');
    await settle();
    server.key = 'next';
    server.userId = 'user-2';
    for (const tab of others) {
        void tab.state.models.refresh();
        await settle();
        expect(await tab.state.session.submitKey('next', false)).toBe(true);
    }
    close(one);
    server.mishap = () => null;
    await settle(5_000);
    expect(storedTexts()).toEqual([]);
});
