// @vitest-environment node
import { describe, expect, test, vi } from 'vitest';

import { settle, type Tab } from './tab';
import { beginAnew, open, server, shared } from './world';

beginAnew();

function draftNames(): string[] {
    return Array.from({ length: shared.length }, (_, at) => shared.key(at) ?? '').filter((name) =>
        name.startsWith('parley.draft.'),
    );
}

test('each chat has its own, and so has the new one', async () => {
    const [one, two] = [server.interaction('one').interaction_id, server.interaction('two').interaction_id];
    const tab = await open(`#/c/${one}`);
    tab.chat.draft.value = 'for one';
    tab.state.go({ page: 'chat', id: two });
    expect(tab.chat.draft.value).toBe('');
    tab.chat.draft.value = 'for two';
    tab.state.go({ page: 'new' });
    tab.chat.draft.value = 'for a new one';
    tab.state.go({ page: 'chat', id: one });
    expect(tab.chat.draft.value).toBe('for one');
    const again = await tab.reload();
    expect(again.chat.draft.value).toBe('for one');
    again.state.go({ page: 'new' });
    expect(again.chat.draft.value).toBe('for a new one');
});

test('typing is kept after a moment, not with each letter', async () => {
    const tab = await open();
    const set = vi.spyOn(shared, 'setItem');
    for (const letter of 'a whole sentence') {
        tab.chat.draft.value += letter;
        await vi.advanceTimersByTimeAsync(50);
    }
    expect(set).not.toHaveBeenCalled();
    await settle(500);
    expect(set).toHaveBeenCalledTimes(1);
    tab.kill(); // it crashes
    expect((await open()).chat.draft.value).toBe('a whole sentence');
});

test('what was typed in the last moment is kept when the page goes', async () => {
    const tab = await open();
    tab.chat.draft.value = 'at the last moment';
    expect((await tab.reload()).chat.draft.value).toBe('at the last moment');
});

test('what was sent is no draft any more', async () => {
    const tab = await open();
    tab.chat.draft.value = 'Hello';
    await settle(500);
    void tab.chat.send('Hello');
    expect(tab.chat.draft.value).toBe('');
    expect(draftNames()).toEqual([]);
});

test('what was typed while the interaction was made belongs to it', async () => {
    const tab = await open();
    void tab.chat.send('Hello');
    tab.chat.draft.value = 'and then';
    await settle(500);
    expect(tab.chat.id).not.toBeNull();
    expect((await tab.reload()).chat.draft.value).toBe('and then');
    expect((await open()).chat.draft.value).toBe('');
});

test('a draft goes with its interaction', async () => {
    const id = server.interaction('one').interaction_id;
    const tab = await open(`#/c/${id}`);
    tab.chat.draft.value = 'for one';
    await settle(500);
    server.delete(id);
    await settle(500);
    tab.state.go({ page: 'new' });
    await settle(500);
    expect(draftNames()).toEqual([]);
});

test('the oldest are dropped when there are many', async () => {
    const ids = Array.from({ length: 60 }, (_, at) => server.interaction(`${at}`).interaction_id);
    const tab = await open();
    for (const id of ids) {
        tab.state.go({ page: 'chat', id });
        tab.chat.draft.value = `for ${id}`;
        await settle(500);
    }
    expect(draftNames()).toHaveLength(50);
    expect(tab.chat.draft.value).toBe(`for ${ids[59] ?? ''}`);
    tab.state.go({ page: 'chat', id: ids[0] ?? '' });
    expect(tab.chat.draft.value).toBe('');
    tab.state.go({ page: 'chat', id: ids[10] ?? '' });
    expect(tab.chat.draft.value).not.toBe('');
});

describe('two tabs with the same chat', () => {
    async function both(): Promise<[Tab, Tab]> {
        const hash = `#/c/${server.interaction('one').interaction_id}`;
        return [await open(hash), await open(hash)];
    }

    test('share what was typed in one of them', async () => {
        const [one, two] = await both();
        one.chat.draft.value = 'a sentence';
        await settle(500);
        expect(two.chat.draft.value).toBe('a sentence');
        two.chat.draft.value = 'a better one';
        await settle(500);
        expect(one.chat.draft.value).toBe('a better one');
        one.chat.draft.value = '';
        await settle(500);
        expect(two.chat.draft.value).toBe('');
        expect(draftNames()).toEqual([]);
    });

    test('do not keep what one of them has sent', async () => {
        const [one, two] = await both();
        one.chat.draft.value = 'Hello';
        await settle(500);
        expect(two.chat.draft.value).toBe('Hello');
        void one.chat.send('Hello');
        await settle();
        expect(two.chat.draft.value).toBe('');
    });

    test('take nothing from under who is typing', async () => {
        const [one, two] = await both();
        one.chat.draft.value = 'typed in the one';
        await settle(300);
        two.chat.draft.value = 'typed in the other';
        await settle(200);
        expect(two.chat.draft.value).toBe('typed in the other');
        await settle(500);
        for (const tab of [one, two]) expect(tab.chat.draft.value).toBe('typed in the other');
        expect((await one.reload()).chat.draft.value).toBe('typed in the other');
    });

    test('take nothing that was too long to be kept', async () => {
        const [one, two] = await both();
        const long = 'x'.repeat(262_145);
        one.chat.draft.value = long;
        await settle(500);
        two.chat.draft.value = 'y';
        await settle(500);
        expect(one.chat.draft.value).toBe(long);
    });

    test('leave one another what is written for a new chat while that of the one is made', async () => {
        const [one, two] = [await open(), await open()];
        server.mishap = (seen) => (seen.method === 'POST' ? 'lost' : null);
        void one.chat.send('Hello');
        await settle();
        two.chat.draft.value = 'something else';
        await settle(500);
        server.mishap = () => null;
        await settle(10_000);
        expect(one.said[0]).toBe('user complete: Hello');
        expect(one.chat.draft.value).toBe('');
        expect(two.chat.draft.value).toBe('something else');
    });

    test('know what was sent while one of them was away in the browser’s memory', async () => {
        const [one, two] = await both();
        one.chat.draft.value = 'Hello';
        await settle(500);
        one.page.tell('leaving');
        void two.chat.send('Hello');
        await settle();
        one.page.tell('shown');
        one.page.tell('restored');
        await settle();
        expect(one.chat.draft.value).toBe('');
    });

    test('show on what was dropped to make room', async () => {
        const [one, two] = await both();
        one.chat.draft.value = 'old';
        await settle(500);
        for (let at = 0; at < 50; at += 1) {
            one.state.go({ page: 'chat', id: server.interaction().interaction_id });
            one.chat.draft.value = `draft ${at}`;
            await settle(500);
        }
        expect(draftNames().join()).not.toContain(`.${two.chat.id ?? ''},`);
        expect(two.chat.draft.value).toBe('old');
    });
});

test('what another chat has for a draft changes no other one', async () => {
    const one = await open(`#/c/${server.interaction('one').interaction_id}`);
    const two = await open(`#/c/${server.interaction('two').interaction_id}`);
    one.chat.draft.value = 'for one';
    await settle(500);
    expect(two.chat.draft.value).toBe('');
});

test('a browser that keeps nothing breaks nothing', async () => {
    shared.refuses = true;
    const tab = await open();
    tab.chat.draft.value = 'a';
    await settle(500);
    tab.page.tell('leaving');
    expect(tab.chat.draft.value).toBe('a');
    expect(tab.state.session.status.value).toBe('ready');
});

test('what is kept and no draft is none', async () => {
    shared.setItem('parley.draft.user-1.new', '{"text":5}');
    shared.setItem('parley.outbox.x', 'not even JSON');
    shared.setItem('parley.presets.user-1', '{}');
    const tab = await open();
    expect(tab.chat.draft.value).toBe('');
    expect(tab.said).toEqual([]);
    expect(tab.state.presets.all.value).toEqual([]);
});
