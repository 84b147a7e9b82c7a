// What must not happen in any test: an error in the console (a violation of the content policy is one), an exception
// that nobody caught, a question to another host. What a test provokes it says with `allow`.
import type { BrowserContext, Request } from '@playwright/test';

export class Watch {
    readonly foreign: string[] = [];
    private readonly troubles: string[] = [];
    private readonly allowed: RegExp[] = [];

    /** Troubles that this test expects. Violations of the content policy can not be allowed. */
    allow(...what: RegExp[]): void {
        this.allowed.push(...what);
    }

    /** That requests are refused with this status, which the browser tells the console. */
    allowStatus(...statuses: number[]): void {
        for (const status of statuses) this.allow(new RegExp(`responded with a status of ${status} `));
    }

    /** That the network was lost. */
    allowLostNetwork(): void {
        this.allow(
            /Failed to load resource: net::ERR_/,
            /net::ERR_(CONNECTION|INTERNET|EMPTY|NETWORK|INCOMPLETE)/,
        );
    }

    follow(context: BrowserContext): void {
        context.on('console', (message) => {
            if (message.type() === 'error')
                this.troubles.push(`console: ${message.text()} (${message.location().url})`);
        });
        context.on('weberror', (error) =>
            this.troubles.push(`exception: ${error.error().stack ?? error.error().message}`),
        );
        context.on('request', (request) => {
            if (isForeign(request)) this.foreign.push(request.url());
        });
    }

    /** How often the content policy was violated, by a test that wanted to see it hold. It is no trouble then. */
    takePolicyViolations(): number {
        const violations = this.troubles.filter(isOfPolicy);
        for (const one of violations) this.troubles.splice(this.troubles.indexOf(one), 1);
        return violations.length;
    }

    unexpected(): string[] {
        const troubles = this.troubles.filter(
            (one) => isOfPolicy(one) || !this.allowed.some((allowed) => allowed.test(one)),
        );
        return [...troubles, ...this.foreign.map((url) => `asked another host: ${url}`)];
    }
}

function isForeign(request: Request): boolean {
    const url = new URL(request.url());
    return (
        !['127.0.0.1', 'localhost'].includes(url.hostname) &&
        !['data:', 'blob:', 'about:'].includes(url.protocol)
    );
}

function isOfPolicy(trouble: string): boolean {
    return /content security policy/i.test(trouble);
}
