// The stream of what happens to the user's interactions, over lost connections.
import { signal } from '@preact/signals';

import { isAborted } from '../api/aborted';
import { readEvents, type ServerEvent } from '../api/event_stream';
import type { Routes } from '../api/routes';
import type { DeletedInteraction, Interaction, LoadingReply, Message, WaitingReply } from '../api/types';
import type { Access } from './patience';
import { Retry } from './retry';

export type UserEvent =
    | { kind: 'reset' }
    | { kind: 'interaction'; interaction: Interaction }
    | { kind: 'deleted'; interactionId: string }
    | MessageNews;

export type MessageNews =
    | { kind: 'message' | 'begun' | 'ended'; message: Message }
    | { kind: 'waiting'; message: Message; ahead: number }
    | { kind: 'loading'; message: Message; modelName: string; loaded: number };

/** A tab that nobody looks at gives its connection back after this time: a browser has only a few for one server. */
const hiddenLong = 60_000;

/** A connection that held so long was a good one; one that is closed at once is not asked for at this pace. */
const heldLong = 5_000;

interface Parts extends Access {
    routes: Routes;
    take(event: UserEvent): void;
}

export class UserEvents {
    readonly connection = signal<'connecting' | 'live' | 'lost'>('connecting');
    readonly #parts: Parts;
    #lastEventId: string | null = null;
    #current = new AbortController();
    #cancelPause: () => void = () => undefined;
    #paused = false;

    constructor(parts: Parts) {
        this.#parts = parts;
    }

    start(): void {
        const { page, clock } = this.#parts.environment;
        page.on('hidden', () => {
            this.#cancelPause();
            this.#cancelPause = clock.after(hiddenLong, () => {
                this.#paused = true;
                this.#current.abort();
            });
        });
        page.on('shown', () => {
            this.#cancelPause();
            if (!this.#paused) return;
            this.#paused = false;
            this.#connect();
        });
        this.#connect();
    }

    /** Somebody else asks now: what was told to the one before says nothing. */
    restart(): void {
        this.#lastEventId = null;
        if (!this.#paused) this.#connect();
    }

    #connect(): void {
        this.#current.abort();
        this.#current = new AbortController();
        void this.#run(this.#current.signal);
    }

    async #run(aborted: AbortSignal): Promise<void> {
        const { environment, routes, whenUsable } = this.#parts;
        const retry = new Retry(environment);
        while (!isAborted(aborted)) {
            await whenUsable(aborted);
            if (isAborted(aborted)) return;
            const answer = await routes.userEvents(this.#lastEventId, aborted);
            if (isAborted(aborted)) return;
            if (answer.ok) {
                const since = environment.clock.now();
                this.connection.value = 'live';
                await readEvents(answer.value.body, (event) => this.#take(event), environment.clock, aborted);
                if (isAborted(aborted)) return;
                if (environment.clock.now() - since > heldLong) retry.succeeded();
            }
            this.connection.value = 'lost';
            if (!answer.ok && answer.status === 401) continue; // the session asks for a key
            await retry.wait(aborted, answer.ok ? null : answer.failure.retryAfter);
        }
    }

    #take(event: ServerEvent): void {
        const read = readUserEvent(event);
        if (event.id !== null) this.#lastEventId = event.id;
        if (read !== null) this.#parts.take(read);
    }
}

/** Null: of a newer server, unknown here. */
export function readUserEvent({ name, data }: ServerEvent): UserEvent | null {
    switch (name) {
        case 'reset':
            return { kind: 'reset' };
        case 'interaction.created':
        case 'interaction.changed':
        case 'interaction.titled':
            return { kind: 'interaction', interaction: JSON.parse(data) as Interaction };
        case 'interaction.deleted':
            return {
                kind: 'deleted',
                interactionId: (JSON.parse(data) as DeletedInteraction).interaction_id,
            };
        case 'message.created':
            return { kind: 'message', message: JSON.parse(data) as Message };
        case 'reply.begun':
            return { kind: 'begun', message: JSON.parse(data) as Message };
        case 'reply.ended':
            return { kind: 'ended', message: JSON.parse(data) as Message };
        case 'reply.waiting': {
            const { reply, ahead } = JSON.parse(data) as WaitingReply;
            return { kind: 'waiting', message: reply, ahead };
        }
        case 'reply.loading': {
            const { reply, model_name, loaded } = JSON.parse(data) as LoadingReply;
            return { kind: 'loading', message: reply, modelName: model_name, loaded };
        }
        default:
            return null;
    }
}
