// @vitest-environment node
// Who asks: a key that is wanted, refused or withdrawn takes nothing away from what the page shows and keeps.
import { describe, expect, test } from 'vitest';

import { problem } from './fake_answers';
import { settle, Tab } from './tab';
import { beginAnew, open, server, shared } from './world';

beginAnew();

test('without authentication no key is asked for', async () => {
    const { session } = (await open()).state;
    expect(session.status.value).toBe('ready');
    expect(session.user.value?.name).toBe('Ada');
    expect(session.hasKey.value).toBe(false);
});

test('a key is asked for when the server wants one, the first time without a reason', async () => {
    server.key = 'right';
    const { session } = (await open()).state;
    expect(session.status.value).toBe('needs_key');
    expect(session.refused.value).toBeNull();
});

test('with the right key everything begins', async () => {
    server.key = 'right-key';
    const id = server.interaction('Chat').interaction_id;
    server.turn(id, 'one', 'eins');
    const tab = await open(`#/c/${id}`);
    expect(tab.said).toEqual([]);
    expect(await tab.state.session.submitKey(' right-key\n', false)).toBe(true);
    await settle(100);
    expect(tab.state.session).toMatchObject({ status: { value: 'ready' }, hasKey: { value: true } });
    expect(tab.said).toHaveLength(2);
    expect(tab.titles).toEqual(['Chat']);
    expect(tab.state.connection.value).toBe('live');
    expect(tab.state.session.carries('right-')).toBe(true);
    expect(tab.state.session.carries('other-')).toBe(false);
});

test.each(['wrong', 'kéy', 'two words', ''])(
    'a key that is none (%j) is refused, with the reason',
    async (key) => {
        server.key = 'right';
        const { session } = (await open()).state;
        expect(await session.submitKey(key, true)).toBe(false);
        expect(session.status.value).toBe('needs_key');
        expect(session.refused.value?.code).toBe('invalid_api_key');
        expect(session.hasKey.value).toBe(false);
    },
);

test('why a key was refused stays said, whatever is answered behind it', async () => {
    server.key = 'right';
    const tab = await open();
    await tab.state.session.submitKey('wrong', false);
    tab.page.tell('focus');
    await tab.state.models.refresh(); // without a key
    expect(tab.state.session.refused.value?.code).toBe('invalid_api_key');
    expect(server.requests('GET', /models/)).toHaveLength(1); // looking at the page asks for nothing in vain
});

test('a key of this tab is forgotten with it, one that is remembered is not', async () => {
    server.key = 'right';
    const tab = await open();
    await tab.state.session.submitKey('right', false);
    expect((await tab.reload()).state.session.status.value).toBe('ready');
    const other = await open();
    expect(other.state.session.status.value).toBe('needs_key');
    await other.state.session.submitKey('right', true);
    expect((await open()).state.session.status.value).toBe('ready');
});

test('a key stands in no address', async () => {
    server.key = 'right-key';
    const tab = await open();
    await tab.state.session.submitKey('right-key', true);
    void tab.chat.send('Hello');
    await settle();
    expect(server.seen.some(({ path, query }) => `${path}?${query.toString()}`.includes('right-key'))).toBe(
        false,
    );
    expect(tab.page.hash()).not.toContain('right-key');
});

test('a key that expires while somebody writes is asked for again, and nothing is lost', async () => {
    server.key = 'first';
    const tab = await open();
    await tab.state.session.submitKey('first', false);
    await settle();
    const id = server.interaction('Chat').interaction_id;
    server.turn(id, 'one', 'eins');
    tab.state.go({ page: 'chat', id });
    await settle();
    server.key = 'second';
    tab.chat.draft.value = 'half a thought';
    void tab.chat.send('a message');
    tab.chat.draft.value = 'half a thought';
    await settle();
    expect(tab.state.session.status.value).toBe('needs_key');
    expect(tab.state.session.refused.value?.code).toBe('invalid_api_key');
    expect(tab.chat.id).toBe(id);
    expect(tab.chat.draft.value).toBe('half a thought');
    expect(tab.said).toEqual(['user complete: one', 'assistant complete: eins', 'user under_way: a message']);
    const asked = server.seen.length;
    await settle(60_000);
    expect(server.seen.length).toBe(asked); // nothing is asked in vain
    await tab.state.session.submitKey('second', false);
    await settle();
    expect(tab.said.slice(2)).toEqual(['user complete: a message', 'assistant in_progress: ']);
    expect(tab.chat.draft.value).toBe('half a thought');
    expect([...server.messages.values()].filter(({ content }) => content === 'a message')).toHaveLength(1);
});

test('a key that expires in mid-reply: the streams go on with the next one', async () => {
    server.key = 'first';
    const tab = await open();
    await tab.state.session.submitKey('first', false);
    void tab.chat.send('Hello');
    await settle();
    const reply = tab.chat.live.value?.messageId ?? '';
    server.write(reply, 'one ');
    await settle(20);
    server.key = 'second';
    server.streams.cut();
    await settle(2_000);
    expect(tab.state.session.status.value).toBe('needs_key');
    expect(tab.chat.live.value).toMatchObject({ phase: 'reconnecting', text: 'one ' });
    server.write(reply, 'two');
    await tab.state.session.submitKey('second', false);
    await settle(20);
    expect(tab.chat.live.value).toMatchObject({ phase: 'writing', text: 'one two' });
    server.end(reply);
    await settle();
    expect(tab.said.at(-1)).toBe('assistant complete: one two');
    await settle(100);
    expect(tab.state.connection.value).toBe('live');
});

test('a reload with an expired key keeps draft and message', async () => {
    server.key = 'first';
    const tab = await open();
    await tab.state.session.submitKey('first', false);
    server.key = 'second';
    void tab.chat.send('a message');
    tab.chat.draft.value = 'next';
    await settle();
    const again = await tab.reload();
    expect(again.state.session.status.value).toBe('needs_key');
    expect(again.chat.draft.value).toBe('next');
    await again.state.session.submitKey('second', false);
    await settle();
    expect(again.said).toEqual(['user complete: a message', 'assistant in_progress: ']);
    expect(again.chat.draft.value).toBe('next');
    expect(server.interactions.size).toBe(1);
});

test('signing in and out in one tab is noticed in the others', async () => {
    server.key = 'right';
    server.interaction('Chat');
    const one = await open();
    const two = await open();
    await one.state.session.submitKey('right', true);
    await settle(100);
    expect(two.state.session.status.value).toBe('ready');
    expect(two.titles).toEqual(['Chat']);
    one.state.session.signOut();
    await settle();
    for (const { state, titles } of [one, two]) {
        expect(state.session.status.value).toBe('needs_key');
        expect(state.session.refused.value).toBeNull();
        expect(titles).toEqual([]);
    }
});

describe('a page that was left and comes back as it was', () => {
    /** One that shows a chat of the first person, and what shows the page since it was left. */
    async function leave(remember: boolean): Promise<{ left: Tab; now: Tab }> {
        server.key = 'first';
        const id = server.interaction('of the first').interaction_id;
        server.turn(id, 'one', 'eins');
        const left = await open(`#/c/${id}`);
        await left.state.session.submitKey('first', remember);
        await settle(100);
        left.chat.draft.value = 'half a thought';
        left.page.tell('leaving');
        const now = new Tab(server, shared, '', left.session);
        await settle(100);
        expect(now.titles).toEqual(['of the first']);
        return { left, now };
    }

    async function comeBack({ page }: Tab): Promise<void> {
        page.tell('shown');
        page.tell('restored');
        await settle(1_000);
    }

    test.each([true, false])(
        'shows nothing of who has signed out meanwhile, remembered: %s',
        async (kept) => {
            const { left, now } = await leave(kept);
            now.state.session.signOut();
            await comeBack(left);
            expect(left.state.session.status.value).toBe('needs_key');
            expect(left.titles).toEqual([]);
            expect(left.said).toEqual([]);
            expect(left.chat.draft.value).toBe('');
            await left.state.session.submitKey('first', kept);
            await settle(100);
            await comeBack(left);
            expect(left.state.session.status.value).toBe('ready');
        },
    );

    test.each([true, false])('belongs to who has signed in meanwhile, remembered: %s', async (kept) => {
        const { left, now } = await leave(kept);
        now.state.session.signOut();
        server.key = 'second';
        server.userId = 'user-2';
        server.interactions.clear();
        server.interaction('of the second');
        await now.state.session.submitKey('second', kept);
        await comeBack(left);
        expect(left.state.session.status.value).toBe('ready');
        expect(left.titles).toEqual(['of the second']);
        expect(left.said).toEqual([]);
        expect(left.chat.draft.value).toBe('');
    });

    test('goes on with the next key of the same person, and with what was written', async () => {
        const { left, now } = await leave(true);
        server.key = 'next';
        await now.state.session.submitKey('next', true);
        await comeBack(left);
        expect(left.state.session.status.value).toBe('ready');
        expect(left.said).toHaveLength(2);
        expect(left.chat.draft.value).toBe('half a thought');
    });
});

describe.each([true, false])('another key in one tab, remembered: %s', (remember) => {
    test('takes nothing that was written from the other', async () => {
        server.key = 'old';
        const one = await open();
        const two = await open();
        await one.state.session.submitKey('old', true);
        await settle(100);
        const id = server.interaction('Chat').interaction_id;
        two.state.go({ page: 'chat', id });
        await settle(100);
        two.chat.draft.value = 'half a thought';
        await settle(1_000);
        server.key = 'new';
        void two.chat.send('not to be lost');
        two.chat.draft.value = 'half a thought';
        await settle(1_000);
        expect(two.state.session.status.value).toBe('needs_key');
        await one.state.session.submitKey('new', remember);
        await settle(1_000);
        expect(two.chat.draft.value).toBe('half a thought');
        expect(two.said.join()).toContain('not to be lost');
        if (!remember) await two.state.session.submitKey('new', false);
        await settle(5_000);
        expect(two.state.session.status.value).toBe('ready');
        expect([...server.messages.values()].map(({ content }) => content)).toContain('not to be lost');
    });
});

test('signing out in a tab with a key of its own leaves those of the others', async () => {
    server.key = 'right';
    const one = await open();
    const two = await open();
    await two.state.session.submitKey('right', false);
    await one.state.session.submitKey('right', true);
    two.state.session.signOut();
    await settle();
    expect(two.state.session.status.value).toBe('needs_key');
    expect(one.state.session.status.value).toBe('ready');
    expect((await one.reload()).state.session.status.value).toBe('ready');
});

test('signing out leaves nothing in the browser that was written', async () => {
    server.key = 'right';
    const tab = await open();
    await tab.state.session.submitKey('right', true);
    tab.chat.draft.value = 'a secret draft';
    server.mishap = (seen) => (seen.method === 'POST' ? 'lost' : null);
    void tab.chat.send('a secret message');
    await settle(2_000);
    tab.chat.draft.value = 'another secret draft';
    tab.state.session.signOut();
    await settle(2_000);
    const kept = Array.from({ length: shared.length }, (_, at) => shared.getItem(shared.key(at) ?? ''));
    expect(kept.join()).not.toContain('secret');
    expect(kept.join()).not.toContain('right');
    expect(tab.said).toEqual([]);
    expect(tab.chat.draft.value).toBe('');
    expect(tab.page.hash()).toBe('#/');
});

test('what was deleted is deleted when one signs out before the time for undoing is over', async () => {
    server.key = 'right';
    const id = server.interaction('a secret').interaction_id;
    const tab = await open();
    await tab.state.session.submitKey('right', true);
    await settle(100);
    tab.state.interactions.remove(id);
    tab.state.session.signOut();
    await settle();
    expect(server.interactions.has(id)).toBe(false);
    await tab.state.session.submitKey('right', true);
    await settle(100);
    expect(tab.titles).toEqual([]);
    expect(tab.state.notices.shown.value).toEqual([]);
});

test('another user gets nothing of what the one before has written', async () => {
    server.key = 'first';
    const tab = await open();
    await tab.state.session.submitKey('first', false);
    const id = server.interaction('of the first').interaction_id;
    tab.state.go({ page: 'chat', id });
    await settle();
    tab.chat.draft.value = 'of the first';
    tab.state.presets.save({ name: 'Poet', settings: { prompt: 'of the first' } });
    tab.state.presets.forNewChats.value = 'Poet';
    server.key = 'second';
    server.userId = 'user-2';
    server.interactions.clear();
    void tab.chat.send('unsent of the first');
    await settle();
    await tab.state.session.submitKey('second', false);
    await settle(1_000);
    expect(tab.titles).toEqual([]);
    expect(tab.said).toEqual([]);
    expect(tab.chat.draft.value).toBe('');
    expect(tab.state.presets.all.value).toEqual([]);
    expect(tab.state.presets.forNewChats.value).toBeNull();
    expect(tab.chat.settings.value).toEqual({});
    expect(server.messages.size).toBe(0);
    server.key = 'first';
    server.userId = 'user-1';
    await tab.state.session.submitKey('first', false);
    expect(tab.state.presets.forNewChats.value).toBe('Poet');
});

test.each([true, false])(
    'what the one before had asked for is no answer for the next, who signs in after signing out: %s',
    async (out) => {
        server.key = 'first';
        const id = server.interaction('of the first').interaction_id;
        server.turn(id, 'one', 'eins');
        const tab = await open();
        await tab.state.session.submitKey('first', false);
        tab.state.go({ page: 'chat', id });
        await settle(100);
        const release = holdAnswers();
        server.mishap = (seen) => (seen.path.endsWith('regenerate') ? 'lost' : null);
        void tab.state.interactions.rename(id, 'renamed by the first');
        void tab.state.session.rename('Name of the first');
        void tab.chat.changeSettings({ temperature: 1 });
        void tab.chat.regenerate(tab.chat.messages.value[1]?.message.message_id ?? '');
        await settle();
        if (out) tab.state.session.signOut();
        server.key = 'second';
        server.userId = 'user-2';
        server.interactions.clear();
        await tab.state.session.submitKey('second', false);
        release();
        await settle(10_000);
        expect(tab.state.session.user.value).toMatchObject({ user_id: 'user-2', name: 'Ada' });
        expect(tab.titles).toEqual([]);
        expect(tab.said).toEqual([]);
        expect(tab.state.notices.shown.value).toEqual([]);
        expect(server.requests('POST', /regenerate$/)).toHaveLength(1);
    },
);

/** What is changed is not answered before the function that is returned is called. */
function holdAnswers(): () => void {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const fetched = server.fetch.bind(server);
    server.fetch = async (address, init) => {
        const answer = await fetched(address, init);
        if (init.method === 'PATCH') await held;
        return answer;
    };
    return release;
}

test('a server that cannot be reached is asked again until it can', async () => {
    server.mishap = () => 'lost';
    const tab = await open();
    expect(tab.state.session.status.value).toBe('unreachable');
    server.mishap = () => null;
    await settle(5_000);
    expect(tab.state.session.status.value).toBe('ready');
    expect(tab.state.connection.value).toBe('live');
});

test('a key that may not read is asked for again, not used again and again', async () => {
    server.key = 'right';
    const tab = await open();
    server.mishap = (seen) => (seen.path === '/users/me' ? problem(403, 'insufficient_scope') : null);
    expect(await tab.state.session.submitKey('right', false)).toBe(false);
    expect(tab.state.session.refused.value?.code).toBe('insufficient_scope');
});

test('the user can be renamed', async () => {
    const { session } = (await open()).state;
    server.mishap = (seen) => (seen.method === 'PATCH' ? problem(422, 'invalid_name') : null);
    expect(await session.rename('')).toMatchObject({ code: 'invalid_name' });
    server.mishap = () => null;
    expect(await session.rename('Grace')).toBeNull();
});
