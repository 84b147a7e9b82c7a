// Event streams that are open, to be written to and cut by the test.

export class ByteStream {
    readonly response: Response;
    #controller: ReadableStreamDefaultController<Uint8Array> | null = null;

    constructor(signal?: AbortSignal) {
        const body = new ReadableStream<Uint8Array>({
            start: (controller) => {
                this.#controller = controller;
            },
            cancel: () => {
                this.#controller = null;
            },
        });
        this.response = new Response(body, { headers: { 'content-type': 'text/event-stream' } });
        signal?.addEventListener('abort', () => this.cut());
    }

    get isOpen(): boolean {
        return this.#controller !== null;
    }

    write(text: string): void {
        if (text !== '') this.#controller?.enqueue(new TextEncoder().encode(text));
    }

    close(): void {
        this.#controller?.close();
        this.#controller = null;
    }

    /** The connection breaks. */
    cut(): void {
        this.#controller?.error(new TypeError('network'));
        this.#controller = null;
    }
}

export class FakeStreams {
    readonly #replies = new Map<string, Set<ByteStream>>();
    readonly #user = new Set<ByteStream>();
    #log: { id: number; text: string }[] = [];
    #next = 1;

    reply(replyId: string, beginning: string, signal?: AbortSignal): Response {
        const stream = new ByteStream(signal);
        stream.write(beginning);
        const all = this.#replies.get(replyId) ?? new Set();
        this.#replies.set(replyId, all.add(stream));
        return stream.response;
    }

    delta(replyId: string, delta: string, end: number): void {
        this.raw(replyId, eventText(String(end), 'message.delta', { delta }));
    }

    raw(replyId: string, text: string): void {
        for (const stream of this.#replies.get(replyId) ?? []) stream.write(text);
    }

    end(replyId: string, text: string): void {
        for (const stream of this.#replies.get(replyId) ?? []) {
            stream.write(text);
            stream.close();
        }
        this.#replies.delete(replyId);
    }

    user(lastEventId: string | null, signal?: AbortSignal): Response {
        const stream = new ByteStream(signal);
        stream.write(': open\n\n');
        const known =
            this.#log.some(({ id }) => String(id) === lastEventId) || lastEventId === String(this.#next - 1);
        if (!known) stream.write(eventText(String(this.#next - 1), 'reset', {}));
        for (const { id, text } of this.#log) if (known && id > Number(lastEventId)) stream.write(text);
        this.#user.add(stream);
        return stream.response;
    }

    tell(name: string, data: unknown): void {
        const id = this.#next;
        this.#next += 1;
        const text = eventText(String(id), name, data);
        this.#log.push({ id, text });
        for (const stream of this.#user) stream.write(text);
    }

    /** Who comes back has missed something. */
    forget(): void {
        this.#log = [];
        this.#next += 1;
    }

    /** All connections break. */
    cut(): void {
        for (const all of [this.#user, ...this.#replies.values()]) {
            for (const stream of all) stream.cut();
            all.clear();
        }
    }

    userSign(): void {
        for (const stream of this.#user) stream.write(': keep-alive\n\n');
    }

    openReplies(): number {
        return [...this.#replies.values()].flatMap((all) => [...all]).filter((stream) => stream.isOpen)
            .length;
    }

    openUsers(): number {
        return [...this.#user].filter((stream) => stream.isOpen).length;
    }
}

export function eventText(id: string | null, name: string, data: unknown): string {
    return `${id === null ? '' : `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
