// @vitest-environment node
import { expect, test, vi } from 'vitest';

import { settle } from './tab';
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
