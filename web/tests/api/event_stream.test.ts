// @vitest-environment node
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import type { Clock } from '../../src/api/environment';
import {
    EventParser,
    LineTooLong,
    readEvents,
    silentTooLong,
    type ServerEvent,
} from '../../src/api/event_stream';

const encoder = new TextEncoder();

function parsed(pieces: Iterable<Uint8Array>): ServerEvent[] {
    const events: ServerEvent[] = [];
    const parser = new EventParser((event) => events.push(event));
    for (const piece of pieces) parser.push(piece);
    return events;
}

function parsedText(text: string): ServerEvent[] {
    return parsed([encoder.encode(text)]);
}

const stream = [
    '\uFEFF: open',
    '',
    'id: 0',
    'event: message.created',
    'data: {"a":1}',
    '',
    ': keep-alive',
    '',
    'id: 7',
    'event: message.delta',
    'data: {"delta":"zwölf 🧮 ✓"}',
    '',
    'event: message.reasoning',
    'data: first',
    'data:second',
    'data',
    '',
    '',
    'data: no name',
    'retry: 10',
    'unknown: field',
    '',
    'id: 8',
    'event: nothing to say',
    '',
    '',
];

const events: ServerEvent[] = [
    { id: '0', name: 'message.created', data: '{"a":1}' },
    { id: '7', name: 'message.delta', data: '{"delta":"zwölf 🧮 ✓"}' },
    { id: null, name: 'message.reasoning', data: 'first\nsecond\n' },
    { id: null, name: 'message', data: 'no name' },
];

describe.each([
    ['LF', '\n'],
    ['CR', '\r'],
    ['CRLF', '\r\n'],
])('a stream whose lines end with %s', (_name, end) => {
    const bytes = encoder.encode(stream.join(end));

    test('is read as one piece', () => {
        expect(parsed([bytes])).toEqual(events);
    });

    test('is read byte by byte', () => {
        expect(parsed(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(events);
    });

    test('is read when it is cut in two, wherever that is', () => {
        for (let at = 0; at <= bytes.length; at += 1) {
            expect(parsed([bytes.subarray(0, at), bytes.subarray(at)]), `cut at ${at}`).toEqual(events);
        }
    });
});

test('line ends may be of different kinds', () => {
    expect(parsedText('data: a\r\rdata: b\n\r\ndata: c\r\n\r\n').map(({ data }) => data)).toEqual([
        'a',
        'b',
        'c',
    ]);
});

test('an event counts when its empty line has come, not before', () => {
    expect(parsedText('data: a\n')).toEqual([]);
    expect(parsedText('data: a\n\n')).toHaveLength(1);
});

test('one blank behind the colon is no part of the value, more are', () => {
    expect(parsedText('data:  a\n\n')[0]?.data).toBe(' a');
});

test('an id with a NUL is none', () => {
    expect(parsedText('id: a\0b\ndata: x\n\n')[0]?.id).toBeNull();
});

test('bytes that are no UTF-8 do not end the stream', () => {
    expect(
        parsed([Uint8Array.of(...encoder.encode('data: a'), 0xff, ...encoder.encode('b\n\n'))])[0]?.data,
    ).toBe('a\uFFFDb');
});

test('a line without an end does not fill the memory', () => {
    const parser = new EventParser(() => undefined, 100);
    expect(() => {
        for (let sent = 0; sent < 20; sent += 1) parser.push(encoder.encode('0123456789'));
    }).toThrow(LineTooLong);
});

describe('a body that is read', () => {
    const clock: Clock = {
        now: () => Date.now(),
        after(ms, run) {
            const timer = setTimeout(run, ms);
            return () => clearTimeout(timer);
        },
        beforeFrame: () => () => undefined,
    };
    let controller: ReadableStreamDefaultController<Uint8Array>;
    let cancelled = false;
    let taken: string[] = [];

    function read(
        signal = new AbortController().signal,
        take = (event: ServerEvent) => void taken.push(event.data),
    ) {
        const body = new ReadableStream<Uint8Array>({
            start: (given) => {
                controller = given;
            },
            cancel: () => {
                cancelled = true;
            },
        });
        return readEvents(body, take, clock, signal);
    }

    beforeEach(() => {
        vi.useFakeTimers();
        cancelled = false;
        taken = [];
    });
    afterEach(() => void vi.useRealTimers());

    test('ends when the server ends it', async () => {
        const end = read();
        controller.enqueue(encoder.encode('data: a\n\n'));
        controller.close();
        await end;
        expect(taken).toEqual(['a']);
    });

    test('is over when the connection breaks', async () => {
        const end = read();
        controller.error(new TypeError('network'));
        await expect(end).resolves.toBeUndefined();
    });

    test('is over when nothing comes for too long', async () => {
        const end = read();
        await vi.advanceTimersByTimeAsync(silentTooLong);
        await end;
        expect(cancelled).toBe(true);
    });

    test('lives as long as there are signs of life', async () => {
        const end = read();
        for (let minute = 0; minute < 20; minute += 1) {
            await vi.advanceTimersByTimeAsync(silentTooLong - 1);
            controller.enqueue(encoder.encode(': keep-alive\n\n'));
        }
        controller.enqueue(encoder.encode('data: a\n\n'));
        controller.close();
        await end;
        expect(taken).toEqual(['a']);
    });

    test('is given up when nobody wants it any more', async () => {
        const nobody = new AbortController();
        const end = read(nobody.signal);
        await vi.advanceTimersByTimeAsync(0);
        nobody.abort();
        await end;
        expect(cancelled).toBe(true);
    });

    test('that nobody wanted any more before is not read', async () => {
        const nobody = AbortSignal.abort();
        await read(nobody);
        expect(cancelled).toBe(true);
    });

    test('is over when an event cannot be understood', async () => {
        const end = read(undefined, (event) => void JSON.parse(event.data));
        controller.enqueue(encoder.encode('data: {\n\n'));
        await expect(end).resolves.toBeUndefined();
    });

    test('that is absent is over', async () => {
        const end = readEvents(null, () => undefined, clock, new AbortController().signal);
        await expect(end).resolves.toBeUndefined();
    });
});
