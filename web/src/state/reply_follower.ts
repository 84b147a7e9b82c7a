// Follows one reply to its end, over lost connections.
import { effect, untracked, type ReadonlySignal } from '@preact/signals';

import { readEvents, type ServerEvent } from '../api/event_stream';
import type { Routes } from '../api/routes';
import type { Message } from '../api/types';
import type { LiveReplyState } from './live_reply';
import { isForGood, type Access } from './patience';
import { Retry } from './retry';
import { readTurnEvent } from './turn_event';
import type { TurnSink } from './turn_request';
import { until } from './until';

interface Parts extends Access {
    routes: Routes;
    live: LiveReplyState;
    /** Whether somebody looks at the page. */
    looked: ReadonlySignal<boolean>;
    ended: (reply: Message) => void;
    /** It cannot be followed: it is not there any more. */
    gone: () => void;
}

export class ReplyFollower implements TurnSink {
    readonly messageId: string;
    readonly #interactionId: string;
    readonly #parts: Parts;
    readonly #stopped = new AbortController();
    readonly #retry: Retry;
    readonly #stopWatching: () => void;
    /** Ends the stream that is open, of whoever has opened it. */
    #disconnect: () => void = () => undefined;
    #lastEventId: string | null = null;
    #over = false;

    constructor(parts: Parts, reply: Message) {
        this.#parts = parts;
        this.#interactionId = reply.interaction_id;
        this.messageId = reply.message_id;
        this.#retry = new Retry(parts.environment);
        this.#stopWatching = effect(() => {
            if (!parts.looked.value) untracked(() => this.#disconnect());
        });
    }

    /** From the start. */
    follow(): void {
        void this.#run();
    }

    /** The events of a stream that somebody else has opened, and whose beginning was read: `event` is given the rest. */
    adopt(abort: () => void): void {
        this.#disconnect = abort;
        this.#lastEventId = '0';
    }

    event(event: ServerEvent): void {
        if (!this.#isOver()) this.#take(event);
    }

    closed(): void {
        if (this.#isOver()) return;
        this.#parts.live.connected(false);
        void this.#retry.wait(this.#stopped.signal).then(() => this.#run());
    }

    /** Nobody looks any more, or its end is known. The reply itself goes on. */
    stop(): void {
        this.#over = true;
        this.#stopWatching();
        this.#stopped.abort();
        this.#disconnect();
    }

    async #run(): Promise<void> {
        const { live, looked, whenUsable } = this.#parts;
        const { signal } = this.#stopped;
        while (!this.#isOver()) {
            await until(() => looked.value, signal);
            await whenUsable(signal);
            if (this.#isOver()) return;
            const failure = await this.#connect();
            if (this.#isOver()) return;
            live.connected(false);
            if (failure?.status === 401) continue; // the session asks for a key
            await this.#retry.wait(signal, failure?.retryAfter ?? null);
        }
    }

    /** Null: there was a connection, which is over. */
    async #connect(): Promise<{ status: number; retryAfter: number | null } | null> {
        const { environment, routes, live } = this.#parts;
        const connection = new AbortController();
        const { signal } = connection;
        this.#disconnect = () => connection.abort();
        const answer = await routes.replyEvents(
            this.#interactionId,
            this.messageId,
            this.#lastEventId,
            signal,
        );
        if (this.#isOver()) return null;
        if (!answer.ok) {
            if (isForGood(answer.status)) this.#lost();
            return { status: answer.status, retryAfter: answer.failure.retryAfter };
        }
        if (answer.value.status === 204) {
            await this.#readEnd();
            return null;
        }
        live.connected(true);
        await readEvents(answer.value.body, (event) => this.#take(event), environment.clock, signal);
        return null;
    }

    #isOver(): boolean {
        return this.#over;
    }

    #take(event: ServerEvent): void {
        const { live, ended } = this.#parts;
        const read = readTurnEvent(event);
        if (read === null || this.#over) return;
        this.#retry.succeeded();
        switch (read.kind) {
            case 'created':
                live.restart();
                break;
            case 'delta':
                live.delta(read.text);
                break;
            case 'reasoning':
                live.reasoning(read.text, read.end);
                break;
            case 'ended':
                this.#over = true;
                ended(read.reply);
                break;
        }
        if (event.id !== null) this.#lastEventId = event.id;
    }

    async #readEnd(): Promise<void> {
        const answer = await this.#parts.routes.message(this.#interactionId, this.messageId);
        if (this.#isOver()) return;
        this.#over = true;
        if (answer.ok) this.#parts.ended(answer.value);
        else this.#parts.gone();
    }

    #lost(): void {
        this.#over = true;
        this.#parts.gone();
    }
}
