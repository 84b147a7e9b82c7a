// @vitest-environment node
import { beforeEach, describe, expect, test } from 'vitest';

import type { Message, MessagePage } from '../../src/api/types';
import { noBranch, place, read, unfinished, upTo, withOlder, type Branch } from '../../src/state/branch';
import { FakeParley } from './fake_parley';

let server: FakeParley;
let id: string;

beforeEach(() => {
    server = new FakeParley();
    id = server.interaction().interaction_id;
});

function page(data: readonly Message[], older: string | null = null): MessagePage {
    return { data: [...data], has_more: false, next_cursor: null, prev_cursor: older };
}

function branchOf(messages: readonly Message[], older: string | null = null): Branch {
    return { id: messages.at(-1)?.branch_id ?? '', messages, older };
}

function placed(branch: Branch, ...told: Message[]): Branch {
    let now = branch;
    for (const message of told) {
        const next = place(now, message);
        if (next === 'elsewhere') throw new Error('elsewhere');
        now = next;
    }
    return now;
}

function ids(branch: Branch): string[] {
    return branch.messages.map(({ message_id }) => message_id);
}

describe('a message that is told', () => {
    test('goes behind its parent at the end', () => {
        const { user_message, reply } = server.turn(id, 'one', 'two');
        const branch = placed(noBranch, user_message, reply as Message);
        expect(ids(branch)).toEqual(server.branch(id).map(({ message_id }) => message_id));
    });

    test('takes the place of what was known of it', () => {
        const begun = server.begin(id, 'one').reply as Message;
        const before = branchOf(server.branch(id));
        const branch = placed(before, server.end(begun.message_id));
        expect(branch.messages.at(-1)?.status).toBe('complete');
        expect(unfinished(branch)).toBeNull();
    });

    test('does not take it back from its end', () => {
        const begun = server.begin(id, 'one').reply as Message;
        server.end(begun.message_id, 'stopped');
        const over = branchOf(server.branch(id));
        expect(place(over, begun)).toBe(over);
    });

    test('begins a branch behind its parent, in the place of what stood there', () => {
        const first = server.turn(id, 'one', 'two');
        server.turn(id, 'three', 'four');
        const before = branchOf(server.branch(id));
        const edited = server.begin(id, 'three, better', first.reply?.message_id);
        const branch = placed(before, edited.user_message, edited.reply as Message);
        expect(ids(branch)).toEqual(server.branch(id).map(({ message_id }) => message_id));
        expect(branch.id).toBe(edited.user_message.branch_id);
    });

    test('may take the place of the first one', () => {
        server.turn(id, 'one', 'two');
        const before = branchOf(server.branch(id));
        const edited = server.begin(id, 'ONE', null);
        expect(ids(placed(before, edited.user_message))).toEqual([edited.user_message.message_id]);
    });

    test('is passed over when it is old and stands on another branch', () => {
        const first = server.turn(id, 'one', 'two');
        server.beginReply(first.user_message);
        const now = branchOf(server.branch(id));
        expect(place(now, first.reply as Message)).toBe(now);
    });

    test('has the branch read again when its parent is not loaded', () => {
        const first = server.turn(id, 'one', 'two');
        server.turn(id, 'three', 'four');
        const end = branchOf(server.branch(id).slice(2), 'older');
        const edited = server.begin(id, 'three, better', first.user_message.message_id);
        expect(place(end, edited.user_message)).toBe('elsewhere');
        expect(place(end, server.begin(id, 'ONE', null).user_message)).toBe('elsewhere');
    });
});

describe('a page that is read again', () => {
    test('keeps what was loaded before it', () => {
        for (const text of ['a', 'b', 'c']) server.turn(id, text, text);
        const before = branchOf(server.branch(id), null);
        server.turn(id, 'd', 'd');
        const all = server.branch(id);
        const branch = read(before, page(all.slice(4), 'cursor'), 'b');
        expect(branch.messages.map(({ message_id }) => message_id)).toEqual(
            all.map(({ message_id }) => message_id),
        );
        expect(branch.older).toBeNull();
    });

    test('takes the place of all when the two do not meet', () => {
        server.turn(id, 'a', 'a');
        const before = branchOf(server.branch(id));
        server.turn(id, 'b', 'b');
        const branch = read(before, page(server.branch(id).slice(2), 'cursor'), 'b');
        expect(branch.messages).toHaveLength(2);
        expect(branch.older).toBe('cursor');
    });

    test('keeps nothing of which the end was missed', () => {
        const begun = server.begin(id, 'a').reply as Message;
        const before = branchOf(server.branch(id));
        server.end(begun.message_id);
        const more = server.turn(id, 'b', 'b');
        const branch = read(
            { ...before, messages: [...before.messages, more.user_message] },
            page(server.branch(id).slice(2), 'cursor'),
            'b',
        );
        expect(branch.messages).toHaveLength(2);
    });
});

test('an older page stands before what is loaded, if it ends there', () => {
    for (const text of ['a', 'b', 'c']) server.turn(id, text, text);
    const all = server.branch(id);
    const end = branchOf(all.slice(4), 'cursor');
    expect(withOlder(end, page(all.slice(2, 4), 'next')).messages).toEqual(all.slice(2));
    expect(withOlder(end, page(all.slice(0, 2), null))).toBe(end);
    expect(withOlder(end, page([], null))).toMatchObject({ older: null });
});

test('a branch is cut behind a message that stands in it', () => {
    server.turn(id, 'a', 'a');
    const all = server.branch(id);
    expect(upTo(all, all[0]?.message_id ?? '')).toEqual(all.slice(0, 1));
    expect(upTo(all, null)).toEqual([]);
    expect(upTo(all, 'not loaded')).toEqual(all);
});
