// What a chat shows: the stored messages of its branch, and those on their way.
import type { Message } from '../api/types';
import { upTo } from './branch';
import type { ShownMessage } from './contract';
import type { OutboxEntry } from './outbox';
import { keyOf, provisional } from './unsent';

export class ShownMessages {
    /** What did not change stays the same object, so that nothing is painted again for it. */
    readonly #stored = new WeakMap<Message, ShownMessage>();
    readonly #unsent = new Map<string, { entry: OutboxEntry; shown: ShownMessage }>();

    of(stored: readonly Message[], entries: readonly OutboxEntry[]): ShownMessage[] {
        this.#forgetBut(entries);
        let before = stored;
        for (const { unsent } of entries)
            if (unsent.parentId !== undefined) before = upTo(before, unsent.parentId);
        // One that has arrived stands among the stored ones already.
        const arrived = new Set(before.slice(-2 * entries.length - 2).map(keyOf));
        const onTheirWay = entries.filter(({ unsent }) => !arrived.has(unsent.key));
        return [
            ...before.map((message) => this.#ofStored(message)),
            ...onTheirWay.map((entry) => this.#ofEntry(entry)),
        ];
    }

    #forgetBut(entries: readonly OutboxEntry[]): void {
        const keys = new Set(entries.map(({ unsent }) => unsent.key));
        for (const key of this.#unsent.keys()) if (!keys.has(key)) this.#unsent.delete(key);
    }

    #ofStored(message: Message): ShownMessage {
        let shown = this.#stored.get(message);
        if (shown === undefined) {
            shown = { key: keyOf(message) ?? message.message_id, message, sending: null };
            this.#stored.set(message, shown);
        }
        return shown;
    }

    #ofEntry(entry: OutboxEntry): ShownMessage {
        const { key } = entry.unsent;
        const known = this.#unsent.get(key);
        if (known?.entry === entry) return known.shown;
        const shown: ShownMessage = {
            key,
            message: known?.shown.message ?? provisional(entry.unsent),
            sending:
                entry.failure === null ? { state: 'under_way' } : { state: 'failed', failure: entry.failure },
        };
        this.#unsent.set(key, { entry, shown });
        return shown;
    }
}
