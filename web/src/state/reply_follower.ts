// Follows one reply to its end, over lost connections.
import { readEvents, type ServerEvent } from '../api/event_stream';
import type { Routes } from '../api/routes';
import type { Message } from '../api/types';
import type { LiveReplyState } from './live_reply';
import { isForGood, type Access } from './patience';
import { Retry } from './retry';
import { readTurnEvent } from './turn_event';
import type { TurnSink } from './turn_request';

interface Parts extends Access {
    routes: Routes;
    live: LiveReplyState;
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
    #abortAdopted: (() => void) | null = null;
    #lastEventId: string | null = null;
    #over = false;

    constructor(parts: Parts, reply: Message) {
        this.#parts = parts;
        this.#interactionId = reply.interaction_id;
        this.messageId = reply.message_id;
        this.#retry = new Retry(parts.environment);
    }

    /** From the start. */
    follow(): void {
        void this.#run();
    }

    /** The events of a stream that somebody else has opened, and whose beginning was read: `event` is given the rest. */
    adopt(abort: () => void): void {
        this.#abortAdopted = abort;
        this.#lastEventId = '0';
    }

    event(event: ServerEvent): void {
        if (!this.#stopped.signal.aborted) this.#take(event);
    }

    closed(): void {
        this.#abortAdopted = null;
        if (this.#over || this.#stopped.signal.aborted) return;
        this.#parts.live.connected(false);
        void this.#retry.wait(this.#stopped.signal).then(() => this.#run());
    }

    /** Nobody looks any more, or its end is known. The reply itself goes on. */
    stop(): void {
        this.#over = true;
        this.#stopped.abort();
        this.#abortAdopted?.();
    }

    async #run(): Promise<void> {
        const { environment, routes, live, whenUsable } = this.#parts;
        const { signal } = this.#stopped;
        while (!this.#isOver()) {
            await whenUsable(signal);
            if (this.#isOver()) return;
            const answer = await routes.replyEvents(
                this.#interactionId,
                this.messageId,
                this.#lastEventId,
                signal,
            );
            if (this.#isOver()) return;
            if (answer.ok) {
                if (answer.value.status === 204) {
                    await this.#readEnd();
                    return;
                }
                live.connected(true);
                await readEvents(answer.value.body, (event) => this.#take(event), environment.clock, signal);
                if (this.#isOver()) return;
            } else if (isForGood(answer.status)) {
                this.#parts.gone();
                return;
            }
            live.connected(false);
            if (!answer.ok && answer.status === 401) continue; // the session asks for a key
            await this.#retry.wait(signal, answer.ok ? null : answer.failure.retryAfter);
        }
    }

    #isOver(): boolean {
        return this.#over || this.#stopped.signal.aborted;
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
        if (answer.ok) this.#parts.ended(answer.value);
        else this.#parts.gone();
    }
}
