// Server-sent events out of a body that is read with `fetch` (EventSource can send no headers).
import { isAborted } from './aborted';
import type { Clock } from './environment';

export interface ServerEvent {
    name: string;
    data: string;
    /** What this event itself says, and null when it says nothing. */
    id: string | null;
}

/** The longest reply in JSON is well below it. */
const longestLine = 64 * 1024 * 1024;

const lineEnds = /[\r\n]/g;

export class LineTooLong extends Error {}

/** Turns bytes, cut anywhere, into events (WHATWG HTML §9.2.6). */
export class EventParser {
    readonly #take: (event: ServerEvent) => void;
    readonly #longest: number;
    readonly #decoder = new TextDecoder('utf-8'); // drops one byte order mark at the beginning, as it should
    #pieces: string[] = []; // of the line that has not ended
    #length = 0;
    #afterReturn = false; // a line feed behind a carriage return ends no further line
    #name = '';
    #data: string[] = [];
    #id: string | null = null;

    constructor(take: (event: ServerEvent) => void, longest = longestLine) {
        this.#take = take;
        this.#longest = longest;
    }

    push(bytes: Uint8Array): void {
        this.#read(this.#decoder.decode(bytes, { stream: true }));
    }

    #read(text: string): void {
        let from = 0;
        if (this.#afterReturn && text !== '') {
            this.#afterReturn = false;
            if (text.startsWith('\n')) from = 1;
        }
        lineEnds.lastIndex = from;
        for (let found = lineEnds.exec(text); found !== null; found = lineEnds.exec(text)) {
            const end = found.index;
            this.#keep(text.slice(from, end));
            from = end + 1;
            if (text[end] === '\r') {
                if (from === text.length) this.#afterReturn = true;
                else if (text[from] === '\n') from += 1;
            }
            lineEnds.lastIndex = from;
            this.#endLine();
        }
        this.#keep(text.slice(from));
    }

    #keep(piece: string): void {
        if (piece === '') return;
        this.#length += piece.length;
        if (this.#length > this.#longest) throw new LineTooLong();
        this.#pieces.push(piece);
    }

    #endLine(): void {
        const line = this.#pieces.length === 1 ? (this.#pieces[0] ?? '') : this.#pieces.join('');
        this.#pieces = [];
        this.#length = 0;
        if (line === '') {
            this.#dispatch();
            return;
        }
        const colon = line.indexOf(':');
        if (colon === 0) return; // a comment
        const field = colon < 0 ? line : line.slice(0, colon);
        const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
        if (field === 'event') this.#name = value;
        else if (field === 'data') this.#data.push(value);
        else if (field === 'id' && !value.includes('\0')) this.#id = value;
    }

    #dispatch(): void {
        const event = {
            name: this.#name === '' ? 'message' : this.#name,
            data: this.#data.join('\n'),
            id: this.#id,
        };
        const empty = this.#data.length === 0;
        this.#name = '';
        this.#data = [];
        this.#id = null;
        if (!empty) this.#take(event);
    }
}

/** A server gives a sign of life every 15 seconds. */
export const silentTooLong = 45_000;

/** Reads until the body is over or breaks, nothing comes for too long, `take` throws, or `signal` aborts it. */
export async function readEvents(
    body: ReadableStream<Uint8Array> | null,
    take: (event: ServerEvent) => void,
    clock: Clock,
    signal: AbortSignal,
): Promise<void> {
    if (body === null) return;
    const reader = body.getReader();
    const parser = new EventParser((event) => {
        if (!signal.aborted) take(event);
    });
    const giveUp = () => void reader.cancel().catch(() => undefined);
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) giveUp();
    let silent = false as boolean; // the watch below sets it
    try {
        for (;;) {
            const stopWatching = clock.after(silentTooLong, () => {
                silent = true;
                giveUp();
            });
            const { done, value } = await reader.read().finally(stopWatching);
            if (done || silent || isAborted(signal)) return;
            parser.push(value);
        }
    } catch {
        giveUp();
    } finally {
        signal.removeEventListener('abort', giveUp);
    }
}
