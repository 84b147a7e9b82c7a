// @vitest-environment node
// A message is stored once, whatever happens on its way.
import { describe, expect, test, vi } from 'vitest';

import { problem } from './fake_answers';
import { type Mishap, type Seen } from './fake_parley';
import { settle, Tab } from './tab';
import { beginAnew, open, server, shared } from './world';

beginAnew();

async function openChat(): Promise<{ tab: Tab; id: string }> {
    const id = server.interaction('Old').interaction_id;
    return { tab: await open(`#/c/${id}`), id };
}

const isSend = (seen: Seen) => seen.method === 'POST' && seen.path.endsWith('/messages');
const isCreation = (seen: Seen) => seen.method === 'POST' && seen.path === '/interactions';

/** The first requests of a kind have a mishap, one each. */
function mishaps(is: (seen: Seen) => boolean, ...coming: Mishap[]): void {
    server.mishap = (seen) => (is(seen) ? (coming.shift() ?? null) : null);
}

function keysOf(is: (seen: Seen) => boolean): (string | undefined)[] {
    return server.seen.filter(is).map(({ headers }) => headers['idempotency-key']);
}

function storedTexts(): unknown[] {
    return [...server.messages.values()].filter(({ role }) => role === 'user').map(({ content }) => content);
}

function liveId(tab: Tab): string {
    return tab.chat.live.value?.messageId ?? '';
}

function outboxNames(): string[] {
    return Array.from({ length: shared.length }, (_, at) => shared.key(at) ?? '').filter((name) =>
        name.includes('outbox'),
    );
}

test('a message is shown at once, and its reply while it is written', async () => {
    const { tab } = await openChat();
    void tab.chat.send('Hello');
    expect(tab.said).toEqual(['user under_way: Hello']);
    expect(tab.chat.live.value).toMatchObject({ phase: 'sending', messageId: null });
    await settle();
    expect(tab.said).toEqual(['user complete: Hello', 'assistant in_progress: ']);
    server.write(liveId(tab), 'Hi ');
    server.write(liveId(tab), 'there');
    await settle(20);
    expect(tab.chat.live.value).toMatchObject({ phase: 'writing', text: 'Hi there' });
    server.end(liveId(tab));
    await settle();
    expect(tab.said).toEqual(['user complete: Hello', 'assistant complete: Hi there']);
    expect(tab.chat.live.value).toBeNull();
    expect(outboxNames()).toEqual([]);
});

test('a message keeps its key in the list from sending on', async () => {
    const { tab } = await openChat();
    void tab.chat.send('Hello');
    const before = tab.chat.messages.value[0]?.key;
    await settle();
    expect(tab.chat.messages.value[0]?.key).toBe(before);
    server.end(liveId(tab));
    await settle();
    expect(tab.chat.messages.value[0]?.key).toBe(before);
});

test('one stream is open for a reply, that of its sending', async () => {
    const { tab } = await openChat();
    void tab.chat.send('Hello');
    await settle();
    expect(server.streams.openReplies()).toBe(1);
    expect(server.requests('GET', /events$/)).toHaveLength(1); // the user's
});

test.each<Mishap>(['lost', 'answer lost', problem(503, 'shutting_down'), problem(502, 'bad_gateway')])(
    'a try that failed (%s) is repeated by itself under the same key',
    async (mishap) => {
        const { tab } = await openChat();
        mishaps(isSend, mishap, mishap instanceof Response ? null : mishap);
        void tab.chat.send('Hello');
        await settle(5_000);
        expect(storedTexts()).toEqual(['Hello']);
        expect(new Set(keysOf(isSend)).size).toBe(1);
        server.write(liveId(tab), 'Hi');
        server.end(liveId(tab));
        await settle();
        expect(tab.said).toEqual(['user complete: Hello', 'assistant complete: Hi']);
    },
);

test('without a network it is told, and goes on as soon as there is one', async () => {
    const { tab } = await openChat();
    server.mishap = () => 'lost';
    void tab.chat.send('Hello');
    await settle(10_000);
    expect(tab.chat.messages.value[0]?.sending).toMatchObject({
        state: 'failed',
        failure: { code: 'network' },
    });
    server.mishap = () => null;
    tab.page.tell('online');
    await settle();
    expect(tab.said).toEqual(['user complete: Hello', 'assistant in_progress: ']);
});

test('a refused one says why, and can be sent again under its key', async () => {
    const { tab, id } = await openChat();
    const other = server.begin(id, 'from elsewhere');
    void tab.chat.send('Hello');
    await settle();
    expect(tab.said.at(-1)).toBe('user failed: Hello');
    const failed = tab.chat.messages.value.at(-1);
    expect(failed?.sending).toMatchObject({ failure: { code: 'turn_in_progress' } });
    server.end(other.reply?.message_id ?? '');
    await tab.chat.retry(failed?.key ?? '');
    await settle();
    expect(storedTexts()).toEqual(['from elsewhere', 'Hello']);
    expect(new Set(keysOf(isSend)).size).toBe(1);
});

test('how long to wait is told', async () => {
    const { tab } = await openChat();
    mishaps(isSend, problem(429, 'too_many_requests', { 'retry-after': '30' }));
    void tab.chat.send('Hello');
    await settle(60_000);
    expect(tab.chat.messages.value[0]?.sending).toMatchObject({
        state: 'failed',
        failure: { retryAfter: 30 },
    });
    expect(keysOf(isSend)).toHaveLength(1);
});

test('a failed one can be taken back into the draft', async () => {
    const { tab } = await openChat();
    mishaps(isSend, problem(422, 'context_length_exceeded'));
    void tab.chat.send('Too long');
    await settle();
    tab.chat.draft.value = 'next';
    tab.chat.discard(tab.chat.messages.value[0]?.key ?? '');
    expect(tab.said).toEqual([]);
    expect(tab.chat.draft.value).toBe('Too long\n\nnext');
    expect(outboxNames()).toEqual([]);
});

test('a refused edit that is taken back is edited on, with what was written', async () => {
    const { tab } = await openChat();
    void tab.chat.send('first');
    await settle(2_000);
    const id = tab.chat.messages.value[0]?.message.message_id ?? '';
    mishaps(isSend, problem(422, 'context_length_exceeded'));
    tab.chat.beginEdit(id, 'first');
    tab.chat.edited.value = 'second';
    void tab.chat.edit(id, 'second');
    await settle();
    expect(tab.chat.editing.value).toBeNull();
    const failed = tab.chat.messages.value.find(({ sending }) => sending !== null);
    tab.chat.discard(failed?.key ?? '');
    expect(tab.chat.editing.value).toBe(id);
    expect(tab.chat.edited.value).toBe('second');
    expect(tab.chat.draft.value).toBe('');
});

test('an edit of a message that is not shown any more is not lost', async () => {
    const { tab } = await openChat();
    tab.chat.draft.value = 'next';
    tab.chat.beginEdit('on-another-branch', 'first');
    void tab.chat.edit('on-another-branch', 'better');
    expect(tab.chat.editing.value).toBeNull();
    expect(tab.chat.draft.value).toBe('better\n\nnext');
    expect(tab.state.notices.shown.value).toMatchObject([{ kind: 'info' }]);
    expect(keysOf(isSend)).toEqual([]);
});

test('several are sent one after the other, in their order', async () => {
    const { tab } = await openChat();
    mishaps(isSend, 'lost');
    void tab.chat.send('first');
    void tab.chat.send('second');
    await settle(1_000);
    // The server refuses the second while the reply to the first is written.
    expect(server.seen.filter(isSend).map(({ body }) => body['content'])).toEqual([
        'first',
        'first',
        'second',
    ]);
    expect(tab.said.at(-1)).toBe('user failed: second');
});

test('nothing is sent that says nothing', async () => {
    const { tab } = await openChat();
    await tab.chat.send('  \n ');
    await settle();
    expect(server.seen.filter(isSend)).toEqual([]);
});

test('a message goes on when another chat is opened meanwhile', async () => {
    const { tab, id } = await openChat();
    mishaps(isSend, 'lost');
    void tab.chat.send('Hello');
    await settle();
    tab.state.go({ page: 'new' });
    await settle(2_000);
    expect(storedTexts()).toEqual(['Hello']);
    expect(tab.said).toEqual([]);
    tab.state.go({ page: 'chat', id });
    await settle();
    expect(tab.said[0]).toBe('user complete: Hello');
});

test('a first message that is refused says so where it stands, and nowhere else', async () => {
    const tab = await open();
    mishaps(isSend, problem(422, 'context_length_exceeded'));
    void tab.chat.send('Too long');
    await settle();
    expect(tab.said).toEqual(['user failed: Too long']);
    expect(tab.state.notices.shown.value).toEqual([]);
});

test('one that is refused while another chat is open is told of, and leads there', async () => {
    const { tab, id } = await openChat();
    mishaps(isSend, problem(409, 'unknown_model'));
    void tab.chat.send('Hello');
    tab.state.go({ page: 'new' });
    await settle();
    tab.state.notices.shown.value[0]?.action?.run();
    await settle();
    expect(tab.chat.id).toBe(id);
    expect(tab.said).toEqual(['user failed: Hello']);
});

test.each<Mishap>(['lost', 'answer lost'])(
    'a reload before it is acknowledged (%s) sends it once',
    async (mishap) => {
        const { tab } = await openChat();
        mishaps(isSend, mishap);
        void tab.chat.send('Hello');
        await settle();
        const again = await tab.reload();
        await settle(1_000);
        expect(storedTexts()).toEqual(['Hello']);
        expect(new Set(keysOf(isSend)).size).toBe(1);
        expect(again.said).toEqual(['user complete: Hello', 'assistant in_progress: ']);
        expect(outboxNames()).toEqual([]);
    },
);

test('a reload in the very moment of sending sends it once', async () => {
    const { tab } = await openChat();
    void tab.chat.send('Hello');
    const again = await tab.reload();
    await settle(1_000);
    expect(storedTexts()).toEqual(['Hello']);
    expect(again.said).toEqual(['user complete: Hello', 'assistant in_progress: ']);
});

test('what was refused before a reload is still there behind it', async () => {
    const { tab } = await openChat();
    server.mishap = (seen) => (isSend(seen) ? problem(409, 'unknown_model') : null);
    void tab.chat.send('Hello');
    await settle();
    const again = await tab.reload();
    expect(again.said).toEqual(['user failed: Hello']);
});

test('what would be refused again is not sent again by a reload, but by its person', async () => {
    const { tab } = await openChat();
    server.mishap = (seen) => (isSend(seen) ? problem(422, 'context_length_exceeded') : null);
    void tab.chat.send('Too long');
    await settle();
    const again = await tab.reload();
    expect(again.said).toEqual(['user failed: Too long']);
    expect(again.chat.messages.value[0]?.sending).toMatchObject({
        failure: { code: 'context_length_exceeded' },
    });
    expect(again.chat.live.value).toBeNull();
    expect(keysOf(isSend)).toHaveLength(1);
    server.mishap = () => null;
    void again.chat.retry(again.chat.messages.value[0]?.key ?? '');
    await settle();
    expect(again.said[0]).toBe('user complete: Too long');
    expect(new Set(keysOf(isSend)).size).toBe(1);
    expect(outboxNames()).toEqual([]);
});

describe('a first message that is taken back after it was refused', () => {
    async function refusedFirst(): Promise<{ tab: Tab; id: string; takeBack: () => void }> {
        const tab = await open();
        await tab.chat.changeSettings({ temperature: 0 });
        mishaps(isSend, problem(422, 'context_length_exceeded'));
        void tab.chat.send('Too long');
        await settle();
        const id = tab.chat.id ?? '';
        return { tab, id, takeBack: () => tab.chat.discard(tab.chat.messages.value[0]?.key ?? '') };
    }

    test('takes the chat with it that was made for it', async () => {
        const { tab, takeBack } = await refusedFirst();
        expect(tab.titles).toEqual(['']);
        takeBack();
        await settle();
        expect(server.interactions.size).toBe(0);
        expect(tab.titles).toEqual([]);
        expect(tab.chat.id).toBeNull();
        expect(tab.page.hash()).toBe('#/');
        expect(tab.chat.draft.value).toBe('Too long');
        expect(tab.chat.settings.value).toMatchObject({ temperature: 0 });
        void tab.chat.send('Short');
        await settle();
        expect(tab.said[0]).toBe('user complete: Short');
    });

    test('leaves a chat in which somebody else has written', async () => {
        const { tab, id, takeBack } = await refusedFirst();
        server.turn(id, 'from elsewhere', 'Hi');
        takeBack();
        await settle();
        expect(server.interactions.has(id)).toBe(true);
        expect(tab.chat.id).toBe(id);
        expect(tab.chat.draft.value).toBe('Too long');
    });

    test('leaves a chat into which another tab is sending', async () => {
        const { tab, id, takeBack } = await refusedFirst();
        const other = await open(`#/c/${id}`);
        server.mishap = (seen) => (isSend(seen) ? 'lost' : null);
        void other.chat.send('From the other one');
        await settle();
        takeBack();
        await settle();
        server.mishap = () => null;
        await settle(10_000);
        expect(tab.chat.id).toBe(id);
        expect(server.branch(id)[0]?.content).toBe('From the other one');
    });

    test('leaves a chat that was given a name', async () => {
        const { tab, id, takeBack } = await refusedFirst();
        await tab.state.interactions.rename(id, 'Plans');
        takeBack();
        await settle();
        expect(tab.titles).toEqual(['Plans']);
        expect(tab.chat.id).toBe(id);
    });
});

test('one that could not be sent for a day becomes a draft again: the server may have forgotten its key', async () => {
    const { tab, id } = await openChat();
    server.mishap = (seen) => (isSend(seen) ? 'lost' : null);
    void tab.chat.send('Hello');
    await settle();
    tab.kill();
    vi.setSystemTime(Date.now() + 24 * 3_600_000);
    const again = await open(`#/c/${id}`);
    expect(again.said).toEqual([]);
    expect(again.chat.draft.value).toBe('Hello');
    expect(again.state.notices.shown.value).toHaveLength(1);
});

test('one that waits for more than a day is not sent any more, either', async () => {
    const { tab } = await openChat();
    server.mishap = (seen) => (isSend(seen) ? 'lost' : null);
    void tab.chat.send('Old');
    await settle(24 * 60 * 60 * 1000);
    server.mishap = () => null;
    await settle(60_000);
    expect(storedTexts()).toEqual([]);
    expect(tab.chat.draft.value).toBe('Old');
});

test('one that is taken back while its chat is made opens no chat', async () => {
    const tab = await open();
    server.mishap = (seen) => {
        if (isCreation(seen)) tab.chat.discard(tab.chat.messages.value[0]?.key ?? '');
        return null;
    };
    void tab.chat.send('never mind');
    await settle();
    expect(tab.chat.id).toBeNull();
    expect(tab.chat.draft.value).toBe('never mind');
    expect(tab.chat.live.value).toBeNull();
    expect(storedTexts()).toEqual([]);
});

test('the first message makes its interaction, which gets the address', async () => {
    const tab = await open();
    const before = tab.chat;
    void tab.chat.send('Hello');
    await settle();
    expect(server.interactions.size).toBe(1);
    expect(tab.chat.id).toBe([...server.interactions.keys()][0]);
    expect(tab.page.hash()).toBe(`#/c/${tab.chat.id ?? ''}`);
    expect(tab.page.visited).toEqual([]); // back does not lead to the empty chat
    expect(tab.chat.messages).toBe(before.messages); // nothing is painted anew
    expect(tab.said).toEqual(['user complete: Hello', 'assistant in_progress: ']);
});

test('a new chat begins with its settings', async () => {
    const tab = await open();
    tab.state.presets.save({ name: 'Poet', settings: { prompt: 'Rhyme.', temperature: 1 } });
    tab.state.presets.forNewChats.value = 'Poet';
    await tab.chat.changeSettings({ temperature: 0 });
    expect(tab.chat.settings.value).toEqual({ prompt: 'Rhyme.', temperature: 0 });
    void tab.chat.send('Hello');
    await settle();
    expect(tab.chat.settings.value).toMatchObject({ prompt: 'Rhyme.', temperature: 0 });
});

test.each<Mishap>(['lost', 'answer lost'])(
    'an interaction whose making failed (%s) is made once',
    async (mishap) => {
        const tab = await open();
        mishaps(isCreation, mishap);
        void tab.chat.send('Hello');
        await settle(2_000);
        expect(server.interactions.size).toBe(1);
        expect(new Set(keysOf(isCreation)).size).toBe(1);
        expect(storedTexts()).toEqual(['Hello']);
    },
);

test.each<[string, (seen: Seen) => boolean, Mishap]>([
    ['before the interaction is made', isCreation, 'lost'],
    ['before it is known that the interaction was made', isCreation, 'answer lost'],
    ['before the message is sent', isSend, 'lost'],
    ['before it is known that the message was sent', isSend, 'answer lost'],
])('a reload %s makes one interaction with one message', async (_when, is, mishap) => {
    const tab = await open();
    mishaps(is, mishap);
    void tab.chat.send('Hello');
    await settle();
    const again = await tab.reload();
    await settle(2_000);
    expect(server.interactions.size).toBe(1);
    expect(storedTexts()).toEqual(['Hello']);
    expect(again.said).toEqual(['user complete: Hello', 'assistant in_progress: ']);
    expect(again.chat.id).toBe([...server.interactions.keys()][0]);
});

test('two messages of a new chat come into one interaction', async () => {
    const tab = await open();
    mishaps(isCreation, 'lost');
    void tab.chat.send('first');
    void tab.chat.send('second');
    await settle(2_000);
    expect(server.interactions.size).toBe(1);
    expect(tab.said[0]).toBe('user complete: first');
});

test('a new chat that is left at once is made all the same, and another new one is empty', async () => {
    const tab = await open();
    void tab.chat.send('Hello');
    tab.state.go({ page: 'chat', id: 'elsewhere' });
    tab.state.go({ page: 'new' });
    await settle();
    expect(storedTexts()).toEqual(['Hello']);
    expect(tab.chat.id).toBeNull();
    expect(tab.said).toEqual([]);
    expect(tab.state.interactions.visible.value).toHaveLength(1);
});

test('a browser that keeps nothing sends all the same', async () => {
    shared.refuses = true;
    const { tab } = await openChat();
    void tab.chat.send('Hello');
    await settle();
    expect(tab.said[0]).toBe('user complete: Hello');
});
