// Requests to the server: what they carry, how long they may take, and what their answers mean.
import type { Failure } from '../state/contract';
import type { Environment } from './environment';
import { networkFailure, readProblem } from './problem';

export type Answer<T> =
    | { ok: true; value: T }
    /** `status` 0: no answer came. */
    | { ok: false; status: number; failure: Failure };

export interface Credentials {
    key(): string | null;
    /** Another one each time that somebody signs out, or that another person signs in. */
    person(): number;
    /** The server answered 401 to a request with this key. */
    refusedWith(failure: Failure, key: string | null): void;
}

type QueryValue = string | number | boolean | null | undefined;

export interface Asked {
    query?: Record<string, QueryValue>;
    body?: unknown;
    idempotencyKey?: string;
    lastEventId?: string | null;
    /** Goes on when the page is left. */
    keepalive?: boolean;
    signal?: AbortSignal;
    /** Instead of the session's own; its answer is for whoever tries it, and its refusal is told there alone. */
    tryKey?: string;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

const answerWithin = 30_000;
const streamBeginsWithin = 60_000; // a turn is checked and counted before its stream begins

/** Asks for the person who is signed in. Who is gone when the answer comes is not answered at all: nobody waits for it. */
export class Client {
    readonly #environment: Environment;
    readonly #credentials: Credentials;

    constructor(environment: Environment, credentials: Credentials) {
        this.#environment = environment;
        this.#credentials = credentials;
    }

    /** The whole answer; `value` is undefined where it has no body. */
    async ask<T>(method: Method, path: string, asked: Asked = {}): Promise<Answer<T>> {
        return this.#forPerson(answerWithin, asked, async (signal) => {
            const sent = await this.#send(method, path, asked, 'application/json', signal);
            if (!sent.ok) return sent;
            const text = await sent.value.text();
            // The contract says what it is; a server that breaks it is a bug there.
            return { ok: true, value: (text === '' ? undefined : JSON.parse(text)) as T };
        });
    }

    /** An answer whose body is read by the caller, as long as it comes. */
    async open(method: Method, path: string, asked: Asked = {}): Promise<Answer<Response>> {
        return this.#forPerson(streamBeginsWithin, asked, (signal) =>
            this.#send(method, path, asked, 'text/event-stream', signal),
        );
    }

    async #forPerson<T>(
        ms: number,
        { signal: outer, tryKey }: Asked,
        run: (signal: AbortSignal) => Promise<Answer<T>>,
    ): Promise<Answer<T>> {
        const person = this.#credentials.person();
        const answer = await this.#inTime(ms, outer, run);
        const isGone = tryKey === undefined && this.#credentials.person() !== person;
        if (!isGone) return answer;
        if (answer.ok && answer.value instanceof Response) void answer.value.body?.cancel();
        return new Promise(() => undefined);
    }

    async #inTime<T>(
        ms: number,
        outer: AbortSignal | undefined,
        run: (signal: AbortSignal) => Promise<Answer<T>>,
    ): Promise<Answer<T>> {
        const inner = new AbortController();
        const abort = () => inner.abort();
        if (outer?.aborted === true) abort();
        outer?.addEventListener('abort', abort, { once: true });
        const cancel = this.#environment.clock.after(ms, abort);
        try {
            return await run(inner.signal);
        } catch {
            return { ok: false, status: 0, failure: networkFailure() };
        } finally {
            cancel();
            outer?.removeEventListener('abort', abort); // who reads a stream gives it up by its reader
        }
    }

    async #send(
        method: Method,
        path: string,
        asked: Asked,
        accept: string,
        signal: AbortSignal,
    ): Promise<Answer<Response>> {
        const key = asked.tryKey ?? this.#credentials.key();
        const init = requestInit(method, asked, accept, key, signal);
        const response = await this.#environment.fetch(addressOf(path, asked.query), init);
        if (response.ok) return { ok: true, value: response };
        const failure = await readProblem(response);
        if (response.status === 401 && asked.tryKey === undefined)
            this.#credentials.refusedWith(failure, key);
        return { ok: false, status: response.status, failure };
    }
}

function requestInit(
    method: Method,
    asked: Asked,
    accept: string,
    key: string | null,
    signal: AbortSignal,
): RequestInit {
    const headers: Record<string, string> = { accept };
    if (key !== null) headers['authorization'] = `Bearer ${key}`;
    if (asked.idempotencyKey !== undefined) headers['idempotency-key'] = asked.idempotencyKey;
    if (asked.lastEventId != null) headers['last-event-id'] = asked.lastEventId;
    const init: RequestInit = { method, headers, signal, cache: 'no-store', credentials: 'same-origin' };
    if (asked.body !== undefined) {
        headers['content-type'] = 'application/json';
        init.body = JSON.stringify(asked.body);
    }
    if (asked.keepalive === true) init.keepalive = true;
    return init;
}

function addressOf(path: string, query: Record<string, QueryValue> = {}): string {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
        if (value !== null && value !== undefined) parameters.set(name, String(value));
    }
    const text = parameters.toString();
    return `/api/v1${path}${text === '' ? '' : `?${text}`}`;
}
