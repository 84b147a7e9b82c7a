// @vitest-environment node
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { Client } from '../../src/api/client';
import type { Environment } from '../../src/api/environment';
import type { Failure } from '../../src/state/contract';

interface Sent {
    address: string;
    init: RequestInit;
}

let sent: Sent[] = [];
let refused: { failure: Failure; key: string | null }[] = [];
let key: string | null = null;
let person = 0;
let answer: (sent: Sent) => Promise<Response> = () => Promise.resolve(new Response('{}'));

const environment = {
    fetch: (address: string, init: RequestInit) => {
        sent.push({ address, init });
        return answer({ address, init });
    },
    clock: {
        now: () => Date.now(),
        after(ms: number, run: () => void) {
            const timer = setTimeout(run, ms);
            return () => clearTimeout(timer);
        },
    },
} as Environment;

const client = new Client(environment, {
    key: () => key,
    person: () => person,
    refusedWith: (failure, used) => refused.push({ failure, key: used }),
});

beforeEach(() => {
    vi.useFakeTimers();
    sent = [];
    refused = [];
    key = null;
    answer = () => Promise.resolve(new Response('{"a":1}'));
});
afterEach(() => void vi.useRealTimers());

function headers(): Record<string, string> {
    return sent[0]?.init.headers as Record<string, string>;
}

function problem(status: number, body: string, more: Record<string, string> = {}): void {
    answer = () => Promise.resolve(new Response(body, { status, headers: more }));
}

test('an answer is read', async () => {
    expect(await client.ask('GET', '/models')).toEqual({ ok: true, value: { a: 1 } });
    expect(sent[0]?.address).toBe('/api/v1/models');
});

test('an answer without a body has no value', async () => {
    answer = () => Promise.resolve(new Response(null, { status: 204 }));
    expect(await client.ask('DELETE', '/interactions/i')).toEqual({ ok: true, value: undefined });
});

test('what is absent does not stand in the query', async () => {
    await client.ask('GET', '/interactions', {
        query: { limit: 5, cursor: null, archived: false, sort: undefined },
    });
    expect(sent[0]?.address).toBe('/api/v1/interactions?limit=5&archived=false');
});

test('a key stands in its header and nowhere else', async () => {
    key = 'secret-key';
    await client.ask('POST', '/interactions', { body: {}, idempotencyKey: 'once', lastEventId: '5' });
    expect(headers()).toMatchObject({
        authorization: 'Bearer secret-key',
        'idempotency-key': 'once',
        'last-event-id': '5',
        'content-type': 'application/json',
    });
    expect(sent[0]?.address).not.toContain('secret');
    expect(sent[0]?.init.body).toBe('{}');
});

test('without a key no header says who asks', async () => {
    await client.ask('GET', '/models');
    expect(headers()).not.toHaveProperty('authorization');
    expect(headers()).not.toHaveProperty('content-type');
});

test('a problem is told in the words of the server', async () => {
    problem(429, '{"code":"too_many_requests","detail":"Slow down.","param":"p"}', { 'retry-after': '12' });
    expect(await client.ask('GET', '/models')).toEqual({
        ok: false,
        status: 429,
        failure: { code: 'too_many_requests', detail: 'Slow down.', param: 'p', retryAfter: 12 },
    });
});

test.each(['<html>Bad gateway</html>', '[]', 'null', '{"detail":"no code"}', ''])(
    'an answer of something in between (%s) is told by its status',
    async (body) => {
        problem(502, body, { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' });
        const told = await client.ask('GET', '/models');
        expect(told).toMatchObject({
            ok: false,
            status: 502,
            failure: { code: 'http_502', retryAfter: null },
        });
    },
);

test('no answer is a failure of the network', async () => {
    answer = () => Promise.reject(new TypeError('failed to fetch'));
    expect(await client.ask('GET', '/models')).toMatchObject({
        ok: false,
        status: 0,
        failure: { code: 'network' },
    });
});

test('a success that cannot be read is a failure of the network, too', async () => {
    answer = () => Promise.resolve(new Response('{"cut'));
    expect(await client.ask('GET', '/models')).toMatchObject({ ok: false, failure: { code: 'network' } });
});

function neverAnswered({ init }: Sent): Promise<Response> {
    return new Promise((_, reject) => {
        init.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
    });
}

test('an answer that does not come is not waited for for ever', async () => {
    answer = neverAnswered;
    const asked = client.ask('GET', '/models');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await asked).toMatchObject({ ok: false, status: 0 });
});

test('a stream that has begun may take as long as it likes', async () => {
    answer = () => Promise.resolve(new Response('data'));
    const opened = await client.open('GET', '/events');
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect(opened.ok).toBe(true);
    expect(sent[0]?.init.signal?.aborted).toBe(false);
});

test('aborting ends a request that is under way', async () => {
    answer = neverAnswered;
    const controller = new AbortController();
    const asked = client.open('GET', '/events', { signal: controller.signal });
    controller.abort();
    expect(await asked).toMatchObject({ ok: false, status: 0 });
});

test('a refused key is told together with the key that was refused', async () => {
    key = 'old';
    answer = () => {
        key = 'new'; // somebody signs in while the answer is on its way
        return Promise.resolve(new Response('{"code":"invalid_api_key","detail":"No."}', { status: 401 }));
    };
    await client.ask('GET', '/models');
    expect(refused).toMatchObject([{ key: 'old', failure: { code: 'invalid_api_key' } }]);
});

test('a key that is only tried says nothing of the session', async () => {
    key = 'old';
    problem(401, '{"code":"invalid_api_key","detail":"No."}');
    expect(await client.ask('GET', '/users/me', { tryKey: 'other' })).toMatchObject({
        ok: false,
        status: 401,
    });
    expect(headers()['authorization']).toBe('Bearer other');
    expect(refused).toEqual([]);
});

test('an answer for somebody who is gone is given to nobody, whatever it says', async () => {
    const given: unknown[] = [];
    for (const say of [() => new Response('{}'), () => new Response('{}', { status: 500 }), lost]) {
        answer = async () => {
            await Promise.resolve();
            person += 1;
            return say();
        };
        void client.ask('GET', '/models').then((one) => given.push(one));
        void client.open('GET', '/events').then((one) => given.push(one));
        await vi.advanceTimersByTimeAsync(60_000);
    }
    expect(given).toEqual([]);
    expect(await client.ask('GET', '/users/me', { tryKey: 'of the next' })).toMatchObject({ ok: false });
});

function lost(): Response {
    throw new TypeError('network');
}
