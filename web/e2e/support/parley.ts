// The real program as a process of a test: it has a store of its own, takes any free port, and has to end well.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { type Config, merged, plain } from './config';

const patience = 30_000; // ms, for the start and for the end
const root = fileURLToPath(new URL('../../..', import.meta.url));
const ready = /http:\/\/[^ /]+:(\d+)\/api\/v1/;

/** PARLEY_BINARY, or what was built last for development or for use. */
export function binary(): string {
    const named = process.env.PARLEY_BINARY;
    if (named) return resolve(named);
    const built = ['build/dev/parley', 'build/release/parley'].map((path) => join(root, path));
    const found = built.find((path) => existsSync(path));
    if (!found)
        throw new Error(`There is no program at ${built.join(' or ')}: ./dev build, or set PARLEY_BINARY.`);
    return found;
}

export class Parley {
    readonly folder = mkdtempSync(join(tmpdir(), 'parley-e2e-'));
    port = 0;
    private process: ChildProcess | null = null;
    private ended: Promise<number | null> = Promise.resolve(null);

    constructor(
        private readonly over: Config = {},
        private readonly variables: Record<string, string> = {},
    ) {}

    get url(): string {
        if (this.port === 0) throw new Error('The program does not run.');
        return `http://127.0.0.1:${this.port}`;
    }

    get log(): string {
        const file = join(this.folder, 'server.log');
        return existsSync(file) ? readFileSync(file, 'utf8') : '';
    }

    /** Returns when the line has come that says it is ready. A later start keeps the port and the store. */
    async start(): Promise<void> {
        const settings = merged(plain(join(this.folder, 'data')), this.over);
        const config = this.port === 0 ? settings : merged(settings, { server: { port: this.port } });
        const file = join(this.folder, 'parley.yaml');
        writeFileSync(file, yaml(config));
        const ours = Object.entries(process.env).filter(([name]) => !name.startsWith('PARLEY_'));
        const started = spawn(
            'sh',
            ['-c', 'exec "$0" serve --config "$1" 2>>"$2"', binary(), file, join(this.folder, 'server.log')],
            {
                cwd: this.folder,
                env: { ...Object.fromEntries(ours), ...this.variables },
                stdio: ['ignore', 'pipe', 'ignore'],
            },
        );
        this.process = started;
        this.ended = new Promise((done) => started.once('exit', (code) => done(code)));
        const told = new Promise<number>((done) => {
            createInterface({ input: started.stdout }).on('line', (line) => {
                const found = ready.exec(line);
                if (found) done(Number(found[1]));
            });
        });
        const port = await within(patience, Promise.race([told, this.ended.then(() => 0)]));
        if (!port) throw new Error(`The program did not get ready:\n${this.log}`);
        this.port = port;
    }

    /** Asks it to end, and wants exit code 0. */
    async stop(): Promise<void> {
        if (!this.process) return;
        this.process.kill('SIGTERM');
        const code = await within(patience, this.ended);
        if (code === undefined) this.process.kill('SIGKILL');
        this.process = null;
        if (code !== 0) throw new Error(`The program ended with ${String(code)}:\n${this.log}`);
    }

    /** Without a chance to say anything. */
    async kill(): Promise<void> {
        this.process?.kill('SIGKILL');
        await this.ended;
        this.process = null;
    }

    forget(): void {
        rmSync(this.folder, { recursive: true, force: true });
    }
}

/** JSON is YAML as well, but a duration in quotes would be a text. */
function yaml(config: Config): string {
    return JSON.stringify(config).replace(/"(\d+(?:ms|s|m|h))"/g, '$1');
}

async function within<T>(ms: number, what: Promise<T>): Promise<T | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((done) => (timer = setTimeout(() => done(undefined), ms)));
    try {
        return await Promise.race([what, late]);
    } finally {
        clearTimeout(timer);
    }
}
