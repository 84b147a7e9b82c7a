// The stream of what happens to the user's interactions, over lost connections.
import { signal } from '@preact/signals';

import { isAborted } from '../api/aborted';
import { readEvents, type ServerEvent } from '../api/event_stream';
import type { Routes } from '../api/routes';
import type { Access } from './patience';
import { Retry } from './retry';

export type ConnectionState = 'connecting' | 'live' | 'lost';

/** A connection that held so long was a good one; one that is closed at once is not asked for at this pace. */
const heldLong = 5_000;

interface Parts extends Access {
    routes: Routes;
    take: (event: ServerEvent) => void;
}

export class UserStream {
    readonly connection = signal<ConnectionState>('connecting');
    readonly #parts: Parts;
    #lastEventId: string | null = null;
    #current = new AbortController();

    constructor(parts: Parts) {
        this.#parts = parts;
    }

    /** Behind that event; null: from now on. */
    start(lastEventId: string | null): void {
        this.stop();
        this.#lastEventId = lastEventId;
        this.connection.value = 'connecting';
        void this.#run((this.#current = new AbortController()).signal);
    }

    stop(): void {
        this.#current.abort();
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
        if (event.id !== null) this.#lastEventId = event.id;
        this.#parts.take(event);
    }
}
