// How long to wait before something is tried again: longer each time, not all at once, and no longer when there is hope.
import type { Environment } from '../api/environment';

const first = 500;
const longest = 30_000;
const longestAsked = 24 * 60 * 60; // s; a clock of browsers goes no further than 24 days

type Needed = Pick<Environment, 'clock' | 'page' | 'random'>;

export class Retry {
    readonly #environment: Needed;
    #failures = 0;

    constructor(environment: Needed) {
        this.#environment = environment;
    }

    get failures(): number {
        return this.#failures;
    }

    succeeded(): void {
        this.#failures = 0;
    }

    /**
     * Over when the time is, or when it is aborted; before that when the network is back or the page is looked at again,
     * but not before the server wants to be asked (`retryAfter`, in seconds).
     */
    wait(signal: AbortSignal, retryAfter: number | null = null): Promise<void> {
        const backoff = Math.min(longest, first * 2 ** Math.min(this.#failures, 10));
        this.#failures += 1;
        const asked = Math.min(retryAfter ?? 0, longestAsked) * 1000;
        return pause(
            this.#environment,
            Math.max(asked, backoff * (0.5 + this.#environment.random() / 2)),
            asked,
            signal,
        );
    }
}

/** `ms`, or at least `least` where there is hope before. */
function pause({ clock, page }: Needed, ms: number, least: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
        const earliest = clock.now() + least;
        const undo = [clock.after(ms, done), page.on('online', hope), page.on('shown', hope)];
        signal.addEventListener('abort', done, { once: true });
        if (signal.aborted) done();

        function hope(): void {
            if (clock.now() >= earliest) done();
        }

        function done(): void {
            for (const each of undo) each();
            signal.removeEventListener('abort', done);
            resolve();
        }
    });
}
