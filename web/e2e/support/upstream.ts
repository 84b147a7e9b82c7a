// Another server's model, for which the test speaks, in the dialect of OpenAI's chat completions: every word is said
// when the test wants it, so that nothing depends on how fast a machine is.
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Question {
    model: string;
    messages: { role: string; content: unknown }[];
}

/** One request for a reply. */
export class Asked {
    private readonly gone: Promise<void>;

    constructor(
        readonly question: Question,
        private readonly answer: ServerResponse,
    ) {
        this.gone = new Promise((done) => answer.once('close', done));
    }

    /** What the user said last. */
    get text(): string {
        const content = this.question.messages.at(-1)?.content;
        return typeof content === 'string' ? content : JSON.stringify(content);
    }

    say(text: string): void {
        this.piece({ content: text });
    }

    think(text: string): void {
        this.piece({ reasoning_content: text });
    }

    call(name: string, args: object): void {
        const made = {
            index: 0,
            id: 'call_1',
            type: 'function',
            function: { name, arguments: JSON.stringify(args) },
        };
        this.piece({ tool_calls: [made] });
        this.end('tool_calls');
    }

    /** `text` in pieces of about one word, `perSecond` of them. */
    async pour(text: string, perSecond: number): Promise<void> {
        const pieces = text.match(/\s*\S+\s*/g) ?? [];
        const began = performance.now();
        let said = 0;
        await new Promise<void>((done) => {
            const timer = setInterval(() => {
                const due = Math.min(
                    pieces.length,
                    Math.floor(((performance.now() - began) * perSecond) / 1000),
                );
                while (said < due) this.say(pieces[said++] ?? '');
                if (said < pieces.length) return;
                clearInterval(timer);
                done();
            }, 1000 / perSecond);
        });
    }

    end(reason = 'stop'): void {
        this.piece({}, reason);
        this.event({ choices: [], usage: { prompt_tokens: 12, completion_tokens: 34 } });
        this.answer.end('data: [DONE]\n\n');
    }

    /** Fails before anything was said. */
    refuse(status: number): void {
        this.answer.writeHead(status, { 'Content-Type': 'application/json' });
        this.answer.end(JSON.stringify({ error: { message: 'No.', type: 'server_error' } }));
    }

    /** Breaks off. */
    drop(): void {
        this.answer.destroy();
    }

    /** When whoever asked has gone: the reply was stopped. */
    left(): Promise<void> {
        return this.gone;
    }

    private piece(delta: object, finish_reason: string | null = null): void {
        this.event({ choices: [{ index: 0, delta, finish_reason }] });
    }

    private event(data: object): void {
        if (!this.answer.headersSent) this.answer.writeHead(200, { 'Content-Type': 'text/event-stream' });
        this.answer.write(`data: ${JSON.stringify(data)}\n\n`);
    }
}

export class Upstream {
    private readonly server: Server = createServer((request, answer) => void this.serve(request, answer));
    private readonly come: Asked[] = [];
    private readonly awaited: ((asked: Asked) => void)[] = [];
    private always: ((asked: Asked) => void) | null = null;

    static async open(): Promise<Upstream> {
        const one = new Upstream();
        await new Promise<void>((done) => one.server.listen(0, '127.0.0.1', done));
        return one;
    }

    get url(): string {
        return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
    }

    /** The next request that nobody has taken. */
    next(): Promise<Asked> {
        const here = this.come.shift();
        return here ? Promise.resolve(here) : new Promise((done) => this.awaited.push(done));
    }

    /** From now on each is answered in this way. */
    answers(how: (asked: Asked) => void): void {
        this.always = how;
    }

    /** From now on each is answered with this text. */
    answersWith(text: string): void {
        this.answers((asked) => {
            asked.say(text);
            asked.end();
        });
    }

    async close(): Promise<void> {
        this.server.closeAllConnections();
        await new Promise((done) => this.server.close(done));
    }

    private async serve(request: IncomingMessage, answer: ServerResponse): Promise<void> {
        let body = '';
        for await (const piece of request) body += String(piece);
        const asked = new Asked(JSON.parse(body) as Question, answer);
        const taker = this.awaited.shift();
        if (taker) taker(asked);
        else if (this.always) this.always(asked);
        else this.come.push(asked);
    }
}
