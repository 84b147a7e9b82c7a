// A door between the page and the program, on TCP: it can be shut (a lost network), cut what is open, or keep back
// what the server answers while it lets through what it is asked.
import { type Socket, connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

export class Door {
    private readonly pairs = new Set<readonly [Socket, Socket]>();
    private isShut = false;
    private isSilent = false;
    private server = createServer((inside) => this.pass(inside));
    private port = 0;

    private constructor(private readonly target: number) {}

    static async to(url: string): Promise<Door> {
        const door = new Door(Number(new URL(url).port));
        await new Promise<void>((done) => door.server.listen(0, '127.0.0.1', done));
        door.port = (door.server.address() as AddressInfo).port;
        return door;
    }

    get url(): string {
        return `http://127.0.0.1:${this.port}`;
    }

    /** Ends every connection, as a lost network does when it is noticed. New ones are let in. */
    cut(): void {
        for (const [inside, outside] of this.pairs) {
            inside.resetAndDestroy();
            outside.resetAndDestroy();
        }
        this.pairs.clear();
    }

    /** Ends every connection and lets none in. */
    shut(): void {
        this.isShut = true;
        this.cut();
    }

    /** From now on the server is asked, but what it answers does not arrive. */
    swallow(): void {
        this.isSilent = true;
    }

    /** Everything passes again. What was swallowed is lost: those connections are cut. */
    restore(): void {
        if (this.isSilent) this.cut();
        this.isSilent = false;
        this.isShut = false;
    }

    async close(): Promise<void> {
        this.shut();
        await new Promise((done) => this.server.close(done));
    }

    private pass(inside: Socket): void {
        if (this.isShut) {
            inside.resetAndDestroy();
            return;
        }
        const outside = connect(this.target, '127.0.0.1');
        const pair = [inside, outside] as const;
        this.pairs.add(pair);
        inside.setNoDelay();
        outside.setNoDelay();
        inside.pipe(outside);
        outside.on('data', (bytes) => {
            if (!this.isSilent) inside.write(bytes);
        });
        outside.on('end', () => inside.end());
        for (const one of pair) {
            one.on('error', () => undefined); // its end follows, which is all that matters
            one.on('close', () => {
                inside.destroy();
                outside.destroy();
                this.pairs.delete(pair);
            });
        }
    }
}
