// @vitest-environment node
import { effect } from '@preact/signals';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import type { Clock } from '../../src/api/environment';
import type { Message } from '../../src/api/types';
import { LiveReplyState } from '../../src/state/live_reply';

let frames: (() => void)[] = [];

const clock: Clock = {
    now: () => Date.now(),
    after(ms, run) {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
    },
    beforeFrame(run) {
        frames.push(run);
        return () => {
            frames = frames.filter((each) => each !== run);
        };
    },
};

function frame(): void {
    for (const run of [...frames]) run();
}

let live: LiveReplyState;
let changes: number;

function begin(change: Partial<Message> = {}): void {
    live.begin({
        message_id: 'm',
        status: 'in_progress',
        content: '',
        reasoning: null,
        model_name: null,
        ...change,
    } as Message);
    changes = 0;
}

beforeEach(() => {
    vi.useFakeTimers();
    frames = [];
    live = new LiveReplyState({ clock });
    effect(() => {
        live.value.value; // eslint-disable-line @typescript-eslint/no-unused-expressions -- reading is subscribing
        changes += 1;
    });
    begin();
});
afterEach(() => void vi.useRealTimers());

test('however many pieces come, the text changes once per frame', () => {
    for (let piece = 0; piece < 1_000; piece += 1) live.delta('ab');
    expect(changes).toBe(0);
    frame();
    expect(changes).toBe(1);
    expect(live.value.value?.text).toBe('ab'.repeat(1_000));
    frame();
    expect(changes).toBe(1);
    live.delta('c');
    frame();
    expect(changes).toBe(2);
});

test('a hidden page, which has no frames, is brought up to date at its pace', async () => {
    for (let piece = 0; piece < 100; piece += 1) {
        live.delta('ab');
        await vi.advanceTimersByTimeAsync(5);
    }
    await vi.advanceTimersByTimeAsync(250);
    expect(live.value.value?.text).toBe('ab'.repeat(100));
    expect(changes).toBeLessThanOrEqual(3);
});

test('what is over is not shown again by a frame that was asked for', async () => {
    live.delta('ab');
    live.end();
    frame();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(live.value.value).toBeNull();
});

test('a text that was stored is shown until its stream has told as much', () => {
    begin({ content: 'Hello wor' });
    expect(live.value.value?.text).toBe('Hello wor');
    live.restart();
    live.delta('Hello');
    frame();
    expect(live.value.value?.text).toBe('Hello wor');
    live.delta(' world');
    frame();
    expect(live.value.value?.text).toBe('Hello world');
});

test('thoughts that are heard again are not shown twice', () => {
    live.reasoning('Höm', 4);
    live.reasoning('Höm', 4);
    live.reasoning('öm, so', 8);
    live.reasoning('!', 9);
    frame();
    expect(live.value.value?.reasoning).toBe('Höm, so!');
});

test('thoughts that were missed leave a gap, no more', () => {
    live.reasoning('one', 3);
    live.reasoning('three', 11);
    frame();
    expect(live.value.value?.reasoning).toBe('onethree');
});

test('it waits, its model is loaded, it is written', () => {
    live.waiting(2);
    frame();
    expect(live.value.value).toMatchObject({ phase: 'waiting', ahead: 2 });
    live.loading('big', 0.5);
    frame();
    expect(live.value.value).toMatchObject({ phase: 'loading_model', modelName: 'big', loaded: 0.5 });
    live.delta('a');
    frame();
    expect(live.value.value).toMatchObject({ phase: 'writing', ahead: null, loaded: null });
    live.waiting(1); // told late
    live.loading('big', 0.7);
    frame();
    expect(live.value.value?.phase).toBe('writing');
});

test('a lost connection is shown until it is back, and then what was before', () => {
    live.waiting(2);
    live.connected(false);
    frame();
    expect(live.value.value?.phase).toBe('reconnecting');
    live.connected(true);
    frame();
    expect(live.value.value).toMatchObject({ phase: 'waiting', ahead: 2 });
});
