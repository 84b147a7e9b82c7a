// @vitest-environment node
// The older messages of a long chat come page by page, when they are asked for.
import { describe, expect, test } from 'vitest';

import { problem } from './fake_answers';
import { settle, type Tab } from './tab';
import { beginAnew, open, server } from './world';

beginAnew();

function chat(): { id: string; hash: string } {
    const id = server.interaction('Chat').interaction_id;
    return { id, hash: `#/c/${id}` };
}

test('the first page of a long chat is shown, and older ones on demand', async () => {
    const { id, hash } = chat();
    for (let at = 0; at < 100; at += 1) server.turn(id, `${at}`, `${at}`);
    const tab = await open(hash);
    expect(tab.said).toHaveLength(20);
    expect(tab.chat.hasOlder.value).toBe(true);
    const newest = tab.chat.messages.value.at(-1);
    await Promise.all([tab.chat.loadOlder(), tab.chat.loadOlder()]);
    expect(tab.said).toHaveLength(120);
    await tab.chat.loadOlder();
    expect(tab.said).toHaveLength(200);
    expect(tab.said[0]).toBe('user complete: 0');
    expect(tab.chat.hasOlder.value).toBe(false);
    expect(tab.chat.messages.value.at(-1)).toBe(newest); // what did not change is not painted again
});

describe('an older page', () => {
    const pagesAsked = () => server.requests('GET', /messages$/).length;

    function longChat(): Promise<Tab> {
        const { id, hash } = chat();
        for (let at = 0; at < 100; at += 1) server.turn(id, `${at}`, `${at}`);
        return open(hash);
    }

    test('that could not be had is asked for again by and by, not at once', async () => {
        const tab = await longChat();
        server.mishap = () => 'lost';
        const loaded = tab.chat.loadOlder();
        await settle(10_000);
        expect(pagesAsked()).toBeGreaterThan(1);
        expect(pagesAsked()).toBeLessThan(10);
        expect(tab.chat.loadingOlder.value).toBe(true);
        expect(tab.said).toHaveLength(20);
        server.mishap = () => null;
        tab.page.tell('online');
        await settle(2_000);
        await loaded;
        expect(tab.said).toHaveLength(120);
        expect(tab.chat.loadingOlder.value).toBe(false);
    });

    test('that is refused is told, and not asked for before the chat is read again', async () => {
        const tab = await longChat();
        server.mishap = ({ path }) => (path.endsWith('messages') ? problem(422, 'invalid_cursor') : null);
        await tab.chat.loadOlder();
        expect(tab.state.notices.shown.value).toMatchObject([{ kind: 'error' }]);
        expect(tab.chat.hasOlder.value).toBe(false);
        await tab.chat.loadOlder();
        expect(pagesAsked()).toBe(1);
        server.mishap = () => null;
        await tab.chat.reload();
        await tab.chat.loadOlder();
        expect(tab.said).toHaveLength(120);
    });

    test('is not waited for when the chat is left', async () => {
        const tab = await longChat();
        server.mishap = () => 'lost';
        const loaded = tab.chat.loadOlder();
        await settle(2_000);
        tab.state.go({ page: 'new' });
        await loaded;
        const asked = pagesAsked();
        await settle(60_000);
        expect(pagesAsked()).toBe(asked);
    });
});
