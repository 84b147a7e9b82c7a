// For working on the page with a program that has none in it: PARLEY_PAGE=dist serves web/dist, or PARLEY_PAGE names another
// folder, under the content policy that the program sends. The program is asked for everything else, streams included.
import { existsSync, readFileSync } from 'node:fs';
import { type IncomingMessage, type Server, type ServerResponse, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const asked = process.env.PARLEY_PAGE ?? '';
const dist = asked === 'dist' ? fileURLToPath(new URL('../../dist', import.meta.url)) : asked;

/** Whether it is not the program's own page that is tested. */
export const hasOwnPage = asked !== '';

const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
].join('; ');

const kinds: Record<string, string> = {
    '.html': 'text/html; charset=utf-8',
    '.js': 'text/javascript; charset=utf-8',
    '.css': 'text/css; charset=utf-8',
    '.svg': 'image/svg+xml',
    '.woff2': 'font/woff2',
    '.json': 'application/json',
};

export class PageServer {
    private readonly server: Server = createServer((asked, answer) => this.serve(asked, answer));

    private constructor(private readonly program: string) {}

    static async before(program: string): Promise<PageServer> {
        if (!existsSync(join(dist, 'index.html')))
            throw new Error(`There is no page in ${dist}: npm run build.`);
        const one = new PageServer(program);
        await new Promise<void>((done) => one.server.listen(0, '127.0.0.1', done));
        return one;
    }

    get url(): string {
        return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    }

    async close(): Promise<void> {
        this.server.closeAllConnections();
        await new Promise((done) => this.server.close(done));
    }

    private serve(asked: IncomingMessage, answer: ServerResponse): void {
        const path = (asked.url ?? '/').split('?')[0] ?? '/';
        const file = join(dist, normalize(path === '/' ? '/index.html' : path));
        if (asked.method === 'GET' && file.startsWith(dist) && extname(file) && existsSync(file)) {
            answer.writeHead(200, {
                'Content-Type': kinds[extname(file)] ?? 'application/octet-stream',
                'Content-Security-Policy': policy,
                'Cache-Control': path === '/' ? 'no-cache' : 'public, max-age=31536000, immutable',
                'X-Content-Type-Options': 'nosniff',
                'Referrer-Policy': 'no-referrer',
            });
            answer.end(readFileSync(file));
            return;
        }
        this.pass(asked, answer);
    }

    private pass(asked: IncomingMessage, answer: ServerResponse): void {
        const onward = request(
            this.program + (asked.url ?? '/'),
            { method: asked.method, headers: asked.headers },
            (got) => {
                answer.writeHead(got.statusCode ?? 502, got.headers);
                answer.flushHeaders();
                got.pipe(answer);
                got.on('error', () => answer.destroy());
            },
        );
        onward.on('error', () => answer.destroy());
        answer.on('close', () => onward.destroy());
        asked.pipe(onward);
    }
}
