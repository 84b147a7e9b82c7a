// Asking for another reply to the same message, up to the moment in which the server has acknowledged it.
import { batch, signal } from '@preact/signals';

import type { Routes } from '../api/routes';
import type { Message, SettingsInput, Turn } from '../api/types';
import type { ShownNotices } from './notices';
import { isWorthTrying } from './outbox';
import type { Access } from './patience';
import { Retry } from './retry';
import { requestTurn, type TurnSink } from './turn_request';

interface Parts extends Access {
    routes: Routes;
    notices: ShownNotices;
    person: () => number;
    /** It failed as far as is known here; the server may have begun the reply all the same. */
    uncertain: () => void;
}

/** Tries without an answer of the server's own after which it is told that it failed. */
const tries = 4;

export class Regeneration {
    /** The message behind which the new reply will stand, while it is asked for. */
    readonly after = signal<string | null>(null);
    readonly #parts: Parts;

    constructor(parts: Parts) {
        this.#parts = parts;
    }

    /** `message`: a reply, or one that has none. */
    async begin(
        message: Message,
        settings: SettingsInput | undefined,
        begun: (turn: Turn, abort: () => void) => TurnSink | null,
    ): Promise<void> {
        const after = message.role === 'assistant' ? message.parent_id : message.message_id;
        if (this.after.peek() !== null || after === null) return;
        const { environment, routes, notices, person, whenUsable, uncertain } = this.#parts;
        const asker = person();
        const { interaction_id: id, message_id: messageId } = message;
        const body = { stream: true, ...(settings === undefined ? {} : { settings }) };
        const key = environment.newKey(); // the same for each try: it happens once
        const retry = new Retry(environment);
        const never = new AbortController().signal;
        this.after.value = after;
        for (;;) {
            await whenUsable(never);
            if (person() !== asker) break; // nobody else asks for it
            const result = await requestTurn(
                environment.clock,
                never,
                (signal) => routes.regenerate(id, messageId, body, key, signal),
                (turn, abort) =>
                    batch(() => {
                        this.after.value = null;
                        return begun(turn, abort);
                    }),
            );
            if (result.ok) break;
            if (result.status === 401) continue;
            const isOpen = isWorthTrying(result.status, result.failure);
            if (!isOpen || retry.failures + 1 >= tries) {
                this.after.value = null;
                notices.failed(result.failure);
                if (isOpen) uncertain();
                break;
            }
            await retry.wait(never, result.failure.retryAfter);
        }
    }
}
