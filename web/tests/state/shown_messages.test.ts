// @vitest-environment node
import { expect, test } from 'vitest';

import type { OutboxEntry } from '../../src/state/outbox';
import { ShownMessages } from '../../src/state/shown_messages';

const entry: OutboxEntry = {
    unsent: {
        key: 'key',
        owner: null,
        interactionId: 'i1',
        creation: null,
        text: 'Hello',
        parentId: undefined,
        edited: null,
        at: 0,
    },
    failure: null,
    active: true,
};

test('what is on its way stays the same as long as it is, and is forgotten when it has arrived', () => {
    const shown = new ShownMessages();
    const [first] = shown.of([], [entry]);
    expect(shown.of([], [entry])[0]).toBe(first);
    expect(shown.of([], [])).toEqual([]);
    expect(shown.of([], [entry])[0]).not.toBe(first);
});
