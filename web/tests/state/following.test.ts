// @vitest-environment node
// A reply is read to its end, wherever its connection breaks.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { problem, textOf } from './fake_answers';
import { FakeParley } from './fake_parley';
import { eventText } from './fake_streams';
import { settle, Tab } from './tab';

let server: FakeParley;
let tab: Tab;
let id: string;

beforeEach(async () => {
    vi.useFakeTimers();
    server = new FakeParley();
    id = server.interaction('Chat').interaction_id;
    tab = new Tab(server, undefined, `#/c/${id}`);
    await settle(100);
});
afterEach(() => {
    tab.kill();
    vi.useRealTimers();
});

const live = () => tab.chat.live.value;

function lastEventIds(): (string | undefined)[] {
    return server.requests('GET', /messages\/.*events$/).map(({ headers }) => headers['last-event-id']);
}

async function sent(text = 'Hello'): Promise<string> {
    void tab.chat.send(text);
    await settle();
    return live()?.messageId ?? '';
}

const text = 'Zwölf 🧮 is 12, ✓';
const pieces = Array.from(text);

test.each(Array.from({ length: pieces.length + 1 }, (_, at) => at))(
    'a connection that breaks behind %i pieces is taken up where it was',
    async (at) => {
        const reply = await sent();
        for (const piece of pieces.slice(0, at)) server.write(reply, piece);
        await settle(20);
        server.streams.cut();
        await settle(20);
        expect(live()).toMatchObject({ phase: 'reconnecting', text: pieces.slice(0, at).join('') });
        await settle(600);
        const bytes = new TextEncoder().encode(pieces.slice(0, at).join('')).length;
        expect(lastEventIds()).toEqual([String(bytes)]);
        expect(live()?.phase).toBe('writing');
        for (const piece of pieces.slice(at)) server.write(reply, piece);
        await settle(20);
        expect(live()?.text).toBe(text);
        server.end(reply);
        await settle();
        expect(tab.said.at(-1)).toBe(`assistant complete: ${text}`);
    },
);

test('what was written while nobody was connected is not missing', async () => {
    const reply = await sent();
    server.write(reply, 'one ');
    await settle(20);
    server.streams.cut();
    server.write(reply, 'two ');
    await settle(600);
    server.write(reply, 'three');
    await settle(20);
    expect(live()?.text).toBe('one two three');
});

test('an end that nobody heard is read', async () => {
    const reply = await sent();
    server.write(reply, 'one');
    await settle(20);
    server.streams.cut();
    server.end(reply, 'failed');
    await settle(600);
    expect(tab.said.at(-1)).toBe('assistant failed: one');
    expect(live()).toBeNull();
});

test('an end that only the stream of the user tells is one', async () => {
    const reply = await sent();
    server.mishap = (seen) => (/messages\/.*events$/.test(seen.path) ? 'lost' : null);
    server.streams.cut();
    await settle(2_000);
    expect(live()?.phase).toBe('reconnecting');
    server.end(reply);
    await settle();
    expect(live()).toBeNull();
    expect(tab.said.at(-1)).toBe('assistant complete: ');
});

test('a stream that ends without its end is asked for again', async () => {
    const reply = await sent();
    server.streams.end(reply, ''); // the server shuts down in good order
    await settle(600);
    expect(lastEventIds()).toEqual(['0']);
    server.end(reply);
    await settle();
    expect(live()).toBeNull();
});

test('it is tried again at longer and longer distances, and at once when the network is back', async () => {
    const reply = await sent();
    server.mishap = () => 'lost';
    server.streams.cut();
    await settle(60_000);
    const tries = lastEventIds().length;
    expect(tries).toBeGreaterThan(4);
    expect(tries).toBeLessThan(10);
    server.mishap = () => null;
    tab.page.tell('online');
    await settle(20);
    expect(live()?.phase).toBe('writing');
    server.end(reply);
    await settle();
    expect(live()).toBeNull();
});

test('it is tried at once when the page is looked at again', async () => {
    await sent();
    server.mishap = () => 'lost';
    server.streams.cut();
    await settle(20_000);
    server.mishap = () => null;
    tab.page.tell('shown');
    await settle(20);
    expect(live()?.phase).toBe('writing');
});

test('a server that asks for patience gets it', async () => {
    await sent();
    server.mishap = (seen) =>
        /messages\/.*events$/.test(seen.path)
            ? problem(429, 'too_many_streams', { 'retry-after': '20' })
            : null;
    server.streams.cut();
    await settle(18_000);
    tab.page.tell('online');
    tab.page.tell('shown'); // neither is a reason for less of it
    await settle(1_000);
    expect(lastEventIds()).toHaveLength(1);
    await settle(5_000);
    expect(lastEventIds()).toHaveLength(2);
    await settle(20_000);
    expect(lastEventIds()).toHaveLength(3);
});

test('what the server asked for is over, but not the distance between tries: hope shortens it', async () => {
    await sent();
    server.mishap = () => 'lost';
    server.streams.cut();
    await settle(60_000);
    server.mishap = (seen) =>
        /messages\/.*events$/.test(seen.path) ? problem(503, 'busy', { 'retry-after': '1' }) : null;
    tab.page.tell('online');
    await settle(2_000);
    const before = lastEventIds().length;
    tab.page.tell('online');
    await settle();
    expect(lastEventIds()).toHaveLength(before + 1);
});

test('a silent connection is given up', async () => {
    const reply = await sent();
    await settle(46_000);
    expect(lastEventIds()).toEqual(['0']);
    server.write(reply, 'a');
    await settle(20);
    expect(live()?.text).toBe('a');
});

test('a reload in mid-reply finds it and shows at once what there is', async () => {
    const reply = await sent();
    server.write(reply, 'one ');
    await settle(20);
    tab = await tab.reload();
    expect(tab.said).toEqual(['user complete: Hello', 'assistant in_progress: one ']);
    expect(live()).toMatchObject({ messageId: reply, text: 'one ', phase: 'writing' });
    server.write(reply, 'two');
    await settle(20);
    expect(live()?.text).toBe('one two');
    server.end(reply);
    await settle();
    expect(tab.said.at(-1)).toBe('assistant complete: one two');
});

test('a reload finds a reply that ended meanwhile', async () => {
    const reply = await sent();
    tab.kill();
    server.write(reply, 'all');
    server.end(reply);
    tab = await tab.reload();
    expect(tab.said.at(-1)).toBe('assistant complete: all');
    expect(live()).toBeNull();
});

test('the end takes the place of what was shown', async () => {
    const reply = await sent();
    server.write(reply, 'draft');
    await settle(20);
    server.messages.set(reply, { ...server.message(reply), content: 'final' });
    server.end(reply);
    await settle();
    expect(tab.said.at(-1)).toBe('assistant complete: final');
});

test('thoughts come with the reply', async () => {
    const reply = await sent();
    server.streams.raw(reply, eventText(null, 'message.reasoning', { delta: 'Hm, ', end: 4 }));
    server.streams.raw(reply, eventText(null, 'message.reasoning', { delta: 'so', end: 6 }));
    await settle(20);
    expect(live()).toMatchObject({ reasoning: 'Hm, so', text: '' });
});

test('events that this page does not know change nothing', async () => {
    const reply = await sent();
    server.streams.raw(reply, eventText('0', 'message.applauded', { how: 'loud' }));
    server.write(reply, 'a');
    await settle(20);
    expect(live()).toMatchObject({ text: 'a', phase: 'writing' });
});

test('a chat that is left is not followed any more', async () => {
    const reply = await sent();
    tab.state.go({ page: 'new' });
    await settle();
    expect(server.streams.openReplies()).toBe(0);
    expect(live()).toBeNull();
    tab.state.go({ page: 'chat', id });
    await settle();
    server.write(reply, 'a');
    await settle(20);
    expect(live()?.text).toBe('a');
});

test('a reply is not followed for nobody: a page that is hidden for long gives its connection back', async () => {
    const reply = await sent();
    server.write(reply, 'one ');
    tab.page.tell('hidden');
    await settle(20_000);
    expect(server.streams.openReplies()).toBe(1);
    await settle(20_000);
    expect(server.streams.openReplies()).toBe(0);
    server.write(reply, 'two ');
    await settle(300_000);
    expect(lastEventIds()).toEqual([]);
    tab.page.tell('shown');
    await settle(20);
    expect(lastEventIds()).toEqual(['4']);
    expect(live()).toMatchObject({ phase: 'writing', text: 'one two ' });
});

test('a page that comes up where nobody looks follows no reply before somebody does', async () => {
    const reply = await sent();
    tab.kill();
    tab = new Tab(server, undefined, `#/c/${id}`, undefined, true);
    await settle(100);
    server.write(reply, 'one');
    await settle(1_000);
    expect(server.streams.openReplies()).toBe(0);
    tab.page.tell('shown');
    await settle(20);
    expect(live()).toMatchObject({ phase: 'writing', text: 'one' });
});

test('stopping ends it with what there is', async () => {
    const reply = await sent();
    server.write(reply, 'one');
    await tab.chat.stop();
    await settle();
    expect(tab.said.at(-1)).toBe('assistant stopped: one');
    expect(live()).toBeNull();
    expect(server.streams.openReplies()).toBe(0);
});

test('stopping before the server has told which it is stops it as soon as it has', async () => {
    void tab.chat.send('Hello');
    await tab.chat.stop();
    await settle();
    expect(tab.said.at(-1)).toBe('assistant stopped: ');
    const next = await sent('again'); // and not the next one
    expect(server.message(next).status).toBe('in_progress');
});

test('a message that is told before its sending is answered is still being sent, and can be stopped', async () => {
    server.mishap = ({ method, path }) =>
        method === 'POST' && path.endsWith('/messages') ? new Promise(() => undefined) : null;
    void tab.chat.send('Hello');
    await settle();
    const metadata = server.requests('POST', /messages$/)[0]?.body['metadata'];
    const told = server.ask(id, 'Hello', undefined, metadata as Record<string, string>);
    await settle();
    expect(tab.said).toEqual(['user complete: Hello']);
    expect(live()).toMatchObject({ phase: 'sending', messageId: null });
    await tab.chat.stop();
    const { message_id: reply } = server.beginReply(told);
    await settle();
    expect(server.message(reply).status).toBe('stopped');
    expect(live()).toBeNull();
});

test.each([true, false])(
    'stopping counts also when the answer to what was sent is lost, with the stream of the user: %s',
    async (told) => {
        if (!told) server.streams.cut();
        server.mishap = (seen) => {
            if (seen.path === '/events' && !told) return 'lost';
            return seen.path.endsWith('/messages') && seen.method === 'POST' ? 'answer lost' : null;
        };
        void tab.chat.send('Hello');
        await tab.chat.stop();
        await settle();
        if (!told) {
            server.mishap = () => null;
            server.streams.forget();
            await settle(2_000);
        }
        expect(tab.said).toEqual(['user complete: Hello', 'assistant stopped: ']);
        expect(live()).toBeNull();
        expect(server.requests('POST', /stop$/)).toHaveLength(1);
    },
);

test('stopping another reply that is asked for counts also when the answer to that is lost', async () => {
    const old = server.turn(id, 'one', 'eins').reply?.message_id ?? '';
    await settle();
    server.mishap = (seen) => (seen.path.endsWith('regenerate') ? 'answer lost' : null);
    void tab.chat.regenerate(old);
    await tab.chat.stop();
    await settle(10_000);
    expect(tab.said).toEqual(['user complete: one', 'assistant stopped: ']);
    expect(server.requests('POST', /stop$/)).toHaveLength(1);
});

test('a stop that came when the reply was over stops no later one', async () => {
    server.streams.cut();
    server.mishap = (seen) => {
        if (seen.path === '/events') return 'lost';
        return seen.path.endsWith('/messages') && seen.method === 'POST' ? 'answer lost' : null;
    };
    void tab.chat.send('Hello');
    await tab.chat.stop();
    await settle();
    server.end(server.branch(id).at(-1)?.message_id ?? '');
    server.mishap = () => null;
    server.streams.forget();
    await settle(5_000);
    expect(tab.said[0]).toBe('user complete: Hello');
    const other = new Tab(server, undefined, `#/c/${id}`);
    await settle(100);
    void other.chat.regenerate(server.branch(id).at(-1)?.message_id ?? '');
    await settle(2_000);
    expect(server.requests('POST', /stop$/)).toEqual([]);
    expect(tab.said.at(-1)).toBe('assistant in_progress: ');
    other.kill();
});

test('a stop that failed is told, and the reply goes on', async () => {
    await sent();
    server.mishap = (seen) => (seen.path.endsWith('/stop') ? 'lost' : null);
    await tab.chat.stop();
    expect(tab.state.notices.shown.value).toHaveLength(1);
    expect(live()).not.toBeNull();
});

test('of replies that wait in a queue the first is followed, then the next', async () => {
    const first = await sent('first');
    const behind = server.begin(id, 'second', first);
    await settle();
    expect(live()?.messageId).toBe(first);
    server.end(first);
    await settle();
    expect(live()?.messageId).toBe(behind.reply?.message_id);
    server.write(behind.reply?.message_id ?? '', 'x');
    await settle(20);
    expect(live()?.text).toBe('x');
    expect(tab.said.map((said) => said.split(':')[0])).toEqual([
        'user complete',
        'assistant complete',
        'user complete',
        'assistant in_progress',
    ]);
});

test('the place in the line and the loading of the model are told', async () => {
    const reply = server.message(await sent());
    server.tell('reply.waiting', { reply, ahead: 3 });
    await settle(20);
    expect(live()).toMatchObject({ phase: 'waiting', ahead: 3 });
    server.tell('reply.waiting', { reply, ahead: 1 });
    await settle(20);
    expect(live()?.ahead).toBe(1);
    server.tell('reply.loading', { reply, model_name: 'big', loaded: 0.25 });
    await settle(20);
    expect(live()).toMatchObject({ phase: 'loading_model', modelName: 'big', loaded: 0.25 });
    server.write(reply.message_id, 'a');
    await settle(20);
    expect(live()).toMatchObject({ phase: 'writing', text: 'a' });
});

test('those that wait behind another move up once when that ends, however often its end is told', async () => {
    const first = await sent('first');
    const second = waiting(first, 1);
    const third = waiting(second, 3);
    await settle();
    end(first);
    await settle(20);
    expect(live()).toMatchObject({ messageId: second, phase: 'waiting', ahead: 0 });
    end(second);
    await settle(20);
    expect(live()).toMatchObject({ messageId: third, phase: 'waiting', ahead: 1 });
});

/** A reply that waits behind that one. */
function waiting(behind: string, ahead: number): string {
    const begun = server.begin(id, 'next', behind).reply?.message_id ?? '';
    const reply = { ...server.message(begun), status: 'queued' } as const;
    server.messages.set(begun, reply);
    server.tell('reply.waiting', { reply, ahead });
    return begun;
}

function end(reply: string): void {
    server.end(reply);
    server.tell('reply.ended', server.message(reply));
}

test('200 pieces in a second are a few changes of the text', async () => {
    const reply = await sent();
    const before = tab.frames;
    for (let piece = 0; piece < 200; piece += 1) {
        server.write(reply, 'word ');
        await vi.advanceTimersByTimeAsync(5);
    }
    await settle(20);
    expect(live()?.text).toBe('word '.repeat(200));
    expect(tab.frames - before).toBeLessThanOrEqual(63);
    expect(textOf(server.message(reply))).toBe('word '.repeat(200));
});
