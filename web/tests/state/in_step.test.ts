// @vitest-environment node
// Tabs stay in step by the stream of the user's events, in whatever order things become known.
import { beforeEach, describe, expect, test } from 'vitest';

import { problem } from './fake_answers';
import type { Mishap } from './fake_parley';
import { settle, Tab } from './tab';
import { beginAnew, open, server } from './world';

beginAnew();

function chat(title = 'Chat'): { id: string; hash: string } {
    const id = server.interaction(title).interaction_id;
    return { id, hash: `#/c/${id}` };
}

describe('two tabs with the same chat', () => {
    let one: Tab;
    let two: Tab;
    let id: string;

    beforeEach(async () => {
        const made = chat();
        id = made.id;
        one = await open(made.hash);
        two = await open(made.hash);
    });

    test('show the same message and its reply while it is written', async () => {
        void one.chat.send('Hello');
        await settle();
        const reply = one.chat.live.value?.messageId ?? '';
        server.write(reply, 'Hi');
        await settle(20);
        for (const tab of [one, two]) {
            expect(tab.said).toEqual(['user complete: Hello', 'assistant in_progress: ']);
            expect(tab.chat.live.value).toMatchObject({ messageId: reply, text: 'Hi' });
        }
        server.end(reply);
        await settle();
        for (const tab of [one, two]) {
            expect(tab.said).toEqual(['user complete: Hello', 'assistant complete: Hi']);
            expect(tab.chat.live.value).toBeNull();
        }
    });

    test('can stop what the other has begun', async () => {
        void one.chat.send('Hello');
        await settle();
        await two.chat.stop();
        await settle();
        expect(one.said.at(-1)).toBe('assistant stopped: ');
        expect(one.chat.live.value).toBeNull();
    });

    test('show the same branch after an edit', async () => {
        server.turn(id, 'one', 'eins');
        server.turn(id, 'two', 'zwei');
        await settle();
        await one.chat.edit(one.chat.messages.value[2]?.message.message_id ?? '', 'three');
        expect(one.said).toEqual(['user complete: one', 'assistant complete: eins', 'user under_way: three']);
        await settle();
        for (const tab of [one, two]) {
            expect(tab.said.slice(2)).toEqual(['user complete: three', 'assistant in_progress: ']);
            expect(tab.chat.messages.value[2]?.message.sibling).toEqual({ index: 1, count: 2 });
        }
    });

    test('show the same reply after another was asked for', async () => {
        server.turn(id, 'one', 'eins');
        await settle();
        const old = two.chat.messages.value[1]?.message.message_id ?? '';
        void two.chat.regenerate(old, { temperature: 1 });
        expect(two.said).toEqual(['user complete: one']);
        expect(two.chat.live.value?.phase).toBe('sending');
        await settle();
        const reply = two.chat.live.value?.messageId ?? '';
        expect(server.requests('POST', /regenerate$/)[0]?.body).toEqual({
            stream: true,
            settings: { temperature: 1 },
        });
        server.write(reply, 'uno');
        server.end(reply);
        await settle();
        for (const tab of [one, two]) {
            expect(tab.said).toEqual(['user complete: one', 'assistant complete: uno']);
            expect(tab.chat.messages.value[1]?.message.sibling).toEqual({ index: 1, count: 2 });
        }
    });

    test('show the sibling that one has chosen', async () => {
        const first = server.turn(id, 'one', 'eins');
        server.turn(id, 'two', 'zwei');
        const other = server.begin(id, 'two, better', first.reply?.message_id);
        server.end(other.reply?.message_id ?? '');
        await settle();
        const shown = one.chat.messages.value[2]?.message;
        expect(shown?.sibling).toEqual({ index: 1, count: 2 });
        await one.chat.showSibling(shown?.message_id ?? '', 0);
        await settle();
        for (const tab of [one, two]) {
            expect(tab.said.slice(2)).toEqual(['user complete: two', 'assistant complete: zwei']);
            expect(tab.chat.interaction.value?.active_branch).toBe(
                tab.chat.messages.value.at(-1)?.message.branch_id,
            );
        }
    });

    test('learn of titles, renaming, pinning and deleting', async () => {
        server.change(id, { title: 'Titled' });
        await settle();
        expect(two.chat.interaction.value?.title).toBe('Titled');
        await one.state.interactions.rename(id, 'Renamed');
        await settle();
        expect(two.titles).toEqual(['Renamed']);
        server.delete(id);
        await settle();
        for (const tab of [one, two]) {
            expect(tab.chat.status.value).toBe('absent');
            expect(tab.titles).toEqual([]);
        }
    });

    test('a message that was taken back in one is not sent by the other', async () => {
        server.mishap = (seen) => (seen.path.endsWith('/messages') ? 'lost' : null);
        void one.chat.send('Hello');
        await settle(2_000);
        const three = await open(`#/c/${id}`);
        await settle(2_000);
        expect(three.said).toEqual(['user failed: Hello']);
        one.chat.discard(one.chat.messages.value[0]?.key ?? '');
        server.mishap = () => null;
        await settle(60_000);
        expect(three.said).toEqual([]);
        expect(server.messages.size).toBe(0);
    });
});

describe('what a sibling or another reply may be refused for', () => {
    test('is told, and nothing changes', async () => {
        const { id, hash } = chat();
        const first = server.turn(id, 'one', 'eins');
        server.beginReply(first.user_message);
        const tab = await open(hash);
        const reply = tab.chat.messages.value[1]?.message.message_id ?? '';
        await tab.chat.showSibling(reply, 0);
        expect(tab.state.notices.shown.value).toMatchObject([{ kind: 'error' }]);
        expect(tab.said).toEqual(['user complete: one', 'assistant in_progress: ']);
        server.mishap = (seen) =>
            seen.path.endsWith('regenerate') ? problem(409, 'too_many_branches') : null;
        await tab.chat.regenerate(reply);
        expect(tab.state.notices.shown.value).toHaveLength(2);
        expect(tab.chat.live.value?.messageId).toBe(reply);
    });

    test.each<Mishap>([
        'answer lost',
        problem(408, 'request_timeout'),
        problem(502, 'http_502'),
        problem(503, 'store_busy'),
        problem(504, 'http_504'),
    ])(
        'a regeneration that was not answered (%s) is asked for again, and begins one reply',
        async (mishap) => {
            const { id, hash } = chat();
            server.turn(id, 'one', 'eins');
            const tab = await open(hash);
            let mishaps = 1;
            server.mishap = (seen) => (seen.path.endsWith('regenerate') && mishaps-- > 0 ? mishap : null);
            void tab.chat.regenerate(tab.chat.messages.value[1]?.message.message_id ?? '');
            await settle(2_000);
            expect(server.messages.size).toBe(3);
            expect(tab.said).toEqual(['user complete: one', 'assistant in_progress: ']);
            expect(server.streams.openReplies()).toBe(1);
        },
    );

    test('a regeneration that is never answered is looked for when it is given up', async () => {
        const { id, hash } = chat();
        const { user_message } = server.turn(id, 'one', 'eins');
        const tab = await open(hash);
        server.mishap = (seen) => {
            if (seen.path === '/events') return 'lost';
            return seen.path.endsWith('regenerate') ? problem(504, 'http_504') : null;
        };
        server.streams.cut();
        void tab.chat.regenerate(tab.chat.messages.value[1]?.message.message_id ?? '');
        await settle();
        const reply = server.beginReply(user_message); // the server has heard it behind the proxy
        await settle(10_000);
        expect(tab.state.notices.shown.value).toHaveLength(1);
        expect(tab.said).toEqual(['user complete: one', 'assistant in_progress: ']);
        expect(tab.chat.live.value?.messageId).toBe(reply.message_id);
    });

    test('a regeneration without a network is told as failed after some tries', async () => {
        const { id, hash } = chat();
        server.turn(id, 'one', 'eins');
        const tab = await open(hash);
        server.mishap = (seen) => (seen.path.endsWith('regenerate') ? 'lost' : null);
        void tab.chat.regenerate(tab.chat.messages.value[1]?.message.message_id ?? '');
        await settle(10_000);
        expect(tab.state.notices.shown.value).toHaveLength(1);
        expect(tab.said).toEqual(['user complete: one', 'assistant complete: eins']);
        expect(tab.chat.live.value).toBeNull();
    });
});

describe('an event', () => {
    test('with an older version of an interaction changes nothing', async () => {
        const { id } = chat('first');
        const old = server.interactions.get(id);
        const tab = await open();
        server.change(id, { title: 'second' });
        server.tell('interaction.changed', old);
        await settle();
        expect(tab.titles).toEqual(['second']);
    });

    test('of the same version changes nothing that messages have changed since', async () => {
        const { id } = chat();
        const before = server.interactions.get(id);
        const tab = await open();
        server.turn(id, 'one', 'two');
        server.tell('interaction.titled', before);
        await settle();
        const known = tab.state.interactions.visible.value[0];
        expect(known?.last_message_at).toBe(server.interactions.get(id)?.last_message_at);
    });

    test('takes no message back from its end', async () => {
        const { id, hash } = chat();
        const tab = await open(hash);
        const begun = server.begin(id, 'one').reply;
        server.end(begun?.message_id ?? '');
        server.tell('reply.begun', begun);
        server.tell('reply.waiting', { reply: { ...begun, status: 'queued' }, ahead: 1 });
        await settle();
        expect(tab.said.at(-1)).toBe('assistant complete: ');
        expect(tab.chat.live.value).toBeNull();
    });

    test('of an interaction that was deleted is passed over', async () => {
        const { id, hash } = chat();
        const { user_message } = server.turn(id, 'one', 'two');
        const interaction = server.interactions.get(id);
        const tab = await open(hash);
        server.delete(id);
        server.tell('interaction.changed', interaction);
        server.tell('message.created', user_message);
        await settle();
        expect(tab.titles).toEqual([]);
        expect(tab.said).toEqual([]);
        expect(tab.chat.status.value).toBe('absent');
    });

    test('that tells what was read already changes nothing', async () => {
        const { id, hash } = chat();
        const turn = server.turn(id, 'one', 'two');
        const tab = await open(hash);
        server.tell('message.created', turn.user_message);
        server.tell('reply.begun', { ...turn.reply, status: 'in_progress' });
        server.tell('reply.ended', turn.reply);
        await settle();
        expect(tab.said).toEqual(['user complete: one', 'assistant complete: two']);
        expect(tab.state.interactions.visible.value[0]).toEqual(server.interactions.get(id));
    });

    test('that comes while the chat is read is not lost by the older page', async () => {
        const { id, hash } = chat();
        server.turn(id, 'one', 'eins');
        const tab = await open(hash);
        let release: () => void = () => undefined;
        const held = new Promise<void>((resolve) => (release = resolve));
        const fetched = server.fetch.bind(server);
        server.fetch = async (address, init) => {
            const answer = await fetched(address, init);
            if (address.includes('include=message_list')) await held;
            return answer;
        };
        server.streams.forget();
        server.streams.cut();
        await settle(600); // it is read again, and the answer is on its way
        const reply = server.begin(id, 'two').reply?.message_id ?? '';
        await settle();
        release();
        await settle();
        expect(tab.said.slice(2)).toEqual(['user complete: two', 'assistant in_progress: ']);
        server.end(reply);
        await settle();
        expect(tab.said.at(-1)).toBe('assistant complete: ');
    });
});

describe('when events may have been missed', () => {
    test('list and chat are read again', async () => {
        const { id, hash } = chat('before');
        server.turn(id, 'one', 'eins');
        const tab = await open(hash);
        server.streams.cut();
        server.turn(id, 'two', 'zwei');
        server.change(id, { title: 'after' });
        const gone = chat('gone');
        server.delete(gone.id);
        server.streams.forget();
        await settle(600);
        expect(tab.said).toHaveLength(4);
        expect(tab.titles).toEqual(['after']);
    });

    test('a reply that ended meanwhile has ended here', async () => {
        const { id, hash } = chat();
        const reply = server.begin(id, 'one').reply?.message_id ?? '';
        const tab = await open(hash);
        expect(tab.chat.live.value).not.toBeNull();
        server.streams.cut();
        server.end(reply);
        server.streams.forget();
        await settle(600);
        expect(tab.chat.live.value).toBeNull();
        expect(tab.said.at(-1)).toBe('assistant complete: ');
    });

    test('an interaction that is gone is gone here', async () => {
        const { id, hash } = chat();
        const tab = await open(hash);
        server.streams.cut();
        server.delete(id);
        server.streams.forget();
        await settle(600);
        expect(tab.chat.status.value).toBe('absent');
        expect(tab.titles).toEqual([]);
    });

    test('a read that fails is repeated', async () => {
        const { id, hash } = chat();
        server.turn(id, 'one', 'eins');
        server.mishap = (seen) => (seen.path.startsWith('/interactions') ? problem(503, 'store_busy') : null);
        const tab = await open(hash);
        expect(tab.chat.status.value).toBe('failed');
        expect(tab.state.interactions.failure.value?.code).toBe('store_busy');
        server.mishap = () => null;
        await settle(10_000);
        expect(tab.chat.status.value).toBe('ready');
        expect(tab.said).toHaveLength(2);
        expect(tab.titles).toEqual(['Chat']);
        expect(tab.state.interactions.failure.value).toBeNull();
    });
});

test('who comes back soon is told what was missed, and reads nothing again', async () => {
    const { id, hash } = chat();
    const tab = await open(hash);
    const before = server.seen.length;
    server.streams.cut();
    await settle();
    expect(tab.state.connection.value).toBe('lost');
    server.turn(id, 'one', 'eins');
    await settle(600);
    expect(tab.state.connection.value).toBe('live');
    expect(tab.said).toEqual(['user complete: one', 'assistant complete: eins']);
    expect(server.seen.slice(before).filter(({ path }) => !path.endsWith('/events'))).toEqual([]);
});

test('a page whose stream does not come is shown all the same', async () => {
    const { id, hash } = chat();
    server.turn(id, 'one', 'eins');
    server.mishap = (seen) =>
        seen.path === '/events' ? problem(429, 'too_many_streams', { 'retry-after': '60' }) : null;
    const tab = await open(hash);
    await settle(500);
    expect(tab.said).toHaveLength(2);
    expect(tab.titles).toEqual(['Chat']);
    expect(tab.state.connection.value).toBe('lost');
});

test('an interaction from a page that was not read comes to the front when it gets a message', async () => {
    const old = chat('old');
    for (let at = 0; at < 60; at += 1) chat(`Chat ${at}`);
    const tab = await open();
    expect(tab.titles).not.toContain('old');
    server.turn(old.id, 'one', 'eins');
    await settle();
    expect(tab.titles[0]).toBe('old');
});
