// @vitest-environment node
import { beforeEach, describe, expect, test, vi } from 'vitest';

import { problem } from './fake_answers';
import { settle, Tab } from './tab';
import { beginAnew, open, server } from './world';

beginAnew();

function chats(count: number, title = (at: number) => `Chat ${at}`): void {
    for (let at = 0; at < count; at += 1) server.interaction(title(at));
}

test('the newest stand first, page by page', async () => {
    chats(120);
    const tab = await open();
    const { interactions } = tab.state;
    expect(tab.titles).toHaveLength(50);
    expect(tab.titles[0]).toBe('Chat 119');
    expect(interactions.hasMore.value).toBe(true);
    await Promise.all([interactions.loadMore(), interactions.loadMore()]);
    expect(tab.titles).toHaveLength(100);
    await interactions.loadMore();
    expect(tab.titles).toHaveLength(120);
    expect(interactions.hasMore.value).toBe(false);
    await interactions.loadMore();
    expect(
        server.requests('GET', /^\/interactions$/).filter(({ query }) => query.get('pinned') === 'false'),
    ).toHaveLength(3);
});

test('trying again by hand does not wait for the next try by itself', async () => {
    chats(1);
    server.mishap = (seen) => (seen.path === '/interactions' ? 'lost' : null);
    const tab = await open();
    await settle(20_000);
    expect(tab.state.interactions.failure.value).not.toBeNull();
    server.mishap = () => null;
    void tab.state.interactions.loadMore();
    await settle();
    expect(tab.titles).toEqual(['Chat 0']);
});

test('pinned ones stand first, wherever they would stand', async () => {
    server.interaction('old and pinned', { pinned: true });
    chats(60);
    const tab = await open();
    expect(tab.titles[0]).toBe('old and pinned');
    expect(tab.titles[1]).toBe('Chat 59');
});

test('all pinned ones are there, however many they are', async () => {
    for (let at = 0; at < 250; at += 1) server.interaction(`Pinned ${at}`, { pinned: true });
    chats(1);
    const tab = await open();
    expect(tab.titles).toHaveLength(251);
    expect(tab.titles[249]).toBe('Pinned 0');
    expect(tab.titles[250]).toBe('Chat 0');
});

test('a message brings its interaction to the front', async () => {
    const id = server.interaction('old').interaction_id;
    chats(3);
    const tab = await open();
    server.turn(id, 'one', 'eins');
    await settle();
    expect(tab.titles[0]).toBe('old');
});

test('an old one that is told of leaves no gap in front of it', async () => {
    const id = server.interaction('old').interaction_id;
    chats(60);
    const tab = await open();
    server.change(id, { title: 'renamed elsewhere' });
    await settle();
    expect(tab.titles).not.toContain('renamed elsewhere');
    await tab.state.interactions.loadMore();
    expect(tab.titles.at(-1)).toBe('renamed elsewhere');
});

test('the archive is another list', async () => {
    server.interaction('archived', { archived: true });
    server.interaction('current');
    const tab = await open();
    expect(tab.titles).toEqual(['current']);
    tab.state.interactions.archived.value = true;
    await settle();
    expect(tab.titles).toEqual(['archived']);
    tab.state.interactions.archived.value = false;
    expect(tab.titles).toEqual(['current']);
    await tab.state.interactions.setArchived(
        tab.state.interactions.visible.value[0]?.interaction_id ?? '',
        true,
    );
    expect(tab.titles).toEqual([]);
    tab.state.interactions.archived.value = true;
    expect(tab.titles).toEqual(['current', 'archived']);
});

describe('the filter', () => {
    test('holds at once for what is loaded, without case and accents', async () => {
        server.interaction('Café in Århus');
        server.interaction('Tea');
        const tab = await open();
        tab.state.interactions.filter.value = ' cafe IN arhus ';
        expect(tab.titles).toEqual(['Café in Århus']);
        tab.state.interactions.filter.value = '';
        expect(tab.titles).toHaveLength(2);
    });

    test('goes on loading until something matches', async () => {
        server.interaction('the one');
        chats(400);
        const tab = await open();
        tab.state.interactions.filter.value = 'the one';
        expect(tab.titles).toEqual([]);
        await settle(200);
        expect(tab.titles).toEqual(['the one']);
    });

    test('loads no more than it needs', async () => {
        chats(400);
        const tab = await open();
        tab.state.interactions.filter.value = 'chat';
        await settle(200);
        expect(server.requests('GET', /^\/interactions$/)).toHaveLength(2); // the first page and the pinned ones
    });

    test('that changes while pages are loaded goes on with the new word', async () => {
        server.interaction('the one');
        chats(400);
        const tab = await open();
        tab.state.interactions.filter.value = 'nothing';
        await vi.advanceTimersByTimeAsync(151);
        tab.state.interactions.filter.value = 'the one';
        await settle(400);
        expect(tab.titles).toEqual(['the one']);
    });
});

describe('a change', () => {
    test('is shown at once', async () => {
        const id = server.interaction('old').interaction_id;
        server.interaction('new');
        const tab = await open();
        void tab.state.interactions.rename(id, 'renamed');
        void tab.state.interactions.setPinned(id, true);
        expect(tab.titles).toEqual(['renamed', 'new']);
        await settle();
        expect(server.interactions.get(id)).toMatchObject({ title: 'renamed', pinned: true });
        expect(tab.titles).toEqual(['renamed', 'new']);
    });

    test('is taken back when it is refused, and said so', async () => {
        const id = server.interaction('old').interaction_id;
        const tab = await open();
        server.mishap = (seen) => (seen.method === 'PATCH' ? problem(503, 'store_busy') : null);
        await tab.state.interactions.rename(id, 'renamed');
        expect(tab.titles).toEqual(['old']);
        expect(tab.state.notices.shown.value).toMatchObject([{ kind: 'error' }]);
    });

    test('that is refused takes back no other', async () => {
        const id = server.interaction('old').interaction_id;
        const tab = await open();
        server.mishap = (seen) => ('pinned' in seen.body ? problem(503, 'store_busy') : null);
        await Promise.all([
            tab.state.interactions.setPinned(id, true),
            tab.state.interactions.rename(id, 'renamed'),
        ]);
        expect(tab.state.interactions.visible.value).toMatchObject([{ title: 'renamed', pinned: false }]);
    });
});

describe('archiving', () => {
    test.each([true, false])('(%s) is done at once, and undone from its notice', async (archived) => {
        const id = server.interaction('Chat', { archived: !archived }).interaction_id;
        const tab = await open();
        await tab.state.interactions.setArchived(id, archived);
        expect(server.interactions.get(id)?.archived).toBe(archived);
        const [notice] = tab.state.notices.shown.value;
        expect(notice).toMatchObject({ kind: 'info', action: { label: 'Undo' } });
        notice?.action?.run();
        tab.state.notices.dismiss(notice?.id ?? 0);
        await settle();
        expect(server.interactions.get(id)?.archived).toBe(!archived);
        expect(tab.state.notices.shown.value).toEqual([]);
    });

    test('that is refused offers no undoing', async () => {
        const id = server.interaction('Chat').interaction_id;
        const tab = await open();
        server.mishap = (seen) => (seen.method === 'PATCH' ? problem(503, 'store_busy') : null);
        await tab.state.interactions.setArchived(id, true);
        expect(tab.titles).toEqual(['Chat']);
        expect(tab.state.notices.shown.value).toMatchObject([{ kind: 'error', action: null }]);
    });
});

describe('deleting', () => {
    let tab: Tab;
    let id: string;

    beforeEach(async () => {
        id = server.interaction('Chat').interaction_id;
        tab = await open(`#/c/${id}`);
    });

    const deletions = () => server.requests('DELETE', /./);

    test('hides at once and deletes when nobody has undone it', async () => {
        tab.state.interactions.remove(id);
        expect(tab.titles).toEqual([]);
        expect(tab.chat.id).toBeNull();
        await settle(6_900);
        expect(deletions()).toEqual([]);
        await settle(200);
        expect(deletions()).toHaveLength(1);
        expect(tab.titles).toEqual([]);
        expect(tab.state.notices.shown.value).toEqual([]);
    });

    test('is undone with everything as it was', async () => {
        tab.state.interactions.remove(id);
        tab.state.notices.shown.value[0]?.action?.run();
        await settle(10_000);
        expect(tab.titles).toEqual(['Chat']);
        expect(tab.chat.id).toBe(id);
        expect(deletions()).toEqual([]);
        expect(tab.state.notices.shown.value).toEqual([]);
    });

    test('is done when the page goes', async () => {
        tab.state.interactions.remove(id);
        tab.page.tell('leaving');
        tab.kill();
        await settle();
        expect(server.interactions.has(id)).toBe(false);
    });

    test('waits while somebody is at the notice', async () => {
        tab.state.interactions.remove(id);
        tab.state.notices.hold(true);
        await settle(60_000);
        expect(deletions()).toEqual([]);
        tab.state.notices.hold(false);
        await settle(7_100);
        expect(deletions()).toHaveLength(1);
    });

    test('is done at once when its notice is dismissed', async () => {
        tab.state.interactions.remove(id);
        tab.state.notices.dismiss(tab.state.notices.shown.value[0]?.id ?? 0);
        await settle();
        expect(deletions()).toHaveLength(1);
    });

    test('that is refused brings it back, and says so', async () => {
        server.mishap = (seen) => (seen.method === 'DELETE' ? problem(503, 'store_busy') : null);
        tab.state.interactions.remove(id);
        await settle(7_100);
        expect(tab.titles).toEqual(['Chat']);
        expect(tab.state.notices.shown.value).toMatchObject([{ kind: 'error' }]);
    });

    test('is called off when somebody writes in it meanwhile, and said so', async () => {
        const other = await open(`#/c/${id}`);
        tab.state.interactions.remove(id);
        void other.chat.send('Wait');
        await settle();
        expect(tab.titles).toEqual(['Chat']);
        expect(tab.state.notices.shown.value).toMatchObject([{ kind: 'info', action: null }]);
        await settle(10_000);
        expect(deletions()).toEqual([]);
        expect(other.said[0]).toBe('user complete: Wait');
    });

    test('is called off when somebody has written in it while events were missed', async () => {
        server.streams.cut();
        server.mishap = (seen) => (seen.path === '/events' ? 'lost' : null);
        tab.state.interactions.remove(id);
        server.turn(id, 'Wait', 'Why?');
        server.mishap = () => null;
        server.streams.forget();
        await settle(5_000);
        expect(tab.titles).toEqual(['Chat']);
        await settle(10_000);
        expect(deletions()).toEqual([]);
    });

    test('goes on when what comes was sent before, or is the end of a reply', async () => {
        void tab.chat.send('Farewell');
        tab.state.interactions.remove(id);
        await settle();
        server.end(server.branch(id).at(-1)?.message_id ?? '');
        await settle(7_100);
        expect(deletions()).toHaveLength(1);
    });

    test('of what another tab has deleted is done', async () => {
        tab.state.interactions.remove(id);
        server.delete(id);
        await settle(10_000);
        expect(deletions()).toEqual([]);
        expect(tab.titles).toEqual([]);
        expect(tab.state.notices.shown.value).toEqual([]);
    });
});
