import { batch, signal } from '@preact/signals';
import { act } from 'preact/test-utils';
import { describe, expect, it } from 'vitest';

import type { Message } from '../../src/api/types';
import { sendingOnly } from '../../src/state/chat_live';
import type { Chat, LiveReply } from '../../src/state/contract';
import { ChatContext, viewOf } from '../../src/ui/chat/chat_view';
import { ReplyAnnouncer } from '../../src/ui/chat/reply_announcer';
import { show, text } from './shown';

function reply(id: string, content: string, status: Message['status'] = 'complete'): Message {
    return { message_id: id, role: 'assistant', status, content } as unknown as Message;
}

/** A chat in which tests say how far the reply is. */
async function open(...before: Message[]) {
    const live = signal<LiveReply | null>(null);
    const messages = signal(before.map((message) => ({ message })));
    const chat = { live, messages } as unknown as Chat;
    await show(
        <ChatContext.Provider value={viewOf(chat)}>
            <ReplyAnnouncer />
        </ChatContext.Provider>,
    );
    return {
        send: (...shown: Message[]) =>
            act(() =>
                batch(() => {
                    if (shown.length > 0) messages.value = shown.map((message) => ({ message }));
                    live.value = sendingOnly;
                }),
            ),
        write: (message: Message) =>
            act(() =>
                batch(() => {
                    messages.value = [...messages.value, { message }];
                    live.value = { ...sendingOnly, messageId: message.message_id, phase: 'writing' };
                }),
            ),
        end: (...all: Message[]) =>
            act(() =>
                batch(() => {
                    messages.value = all.map((message) => ({ message }));
                    live.value = null;
                }),
            ),
    };
}

describe('what a screen reader is told of a reply', () => {
    it('is that it is being written, and at its end what it says', async () => {
        const chat = await open();
        await chat.send();
        await chat.write(reply('1', '', 'in_progress'));
        expect(text()).toBe('A reply is being written.');
        await chat.end(reply('1', '**Hello**'));
        expect(text()).toBe('Hello');
    });

    it('is what it says, also when it is over before it was seen to begin', async () => {
        const chat = await open(reply('0', 'before'));
        await chat.send();
        await chat.end(reply('0', 'before'), reply('1', 'Hello'));
        expect(text()).toBe('Hello');
    });

    it('is nothing of an old one when a message was refused', async () => {
        const chat = await open(reply('0', 'before'));
        await chat.send();
        await chat.end(reply('0', 'before'));
        expect(text()).not.toContain('before');
    });

    it('is nothing of the old one when another was asked for in its place and refused', async () => {
        const [first, old] = [reply('0', 'first'), reply('1', 'old')];
        const chat = await open(first, old);
        await chat.send(first); // the old one is not shown meanwhile
        await chat.end(first, old);
        expect(text()).not.toContain('old');
    });

    it('is nothing of a chat that is only opened', async () => {
        await open(reply('0', 'before'));
        expect(text()).toBe('');
    });
});
