// Runs something at most once per frame, however often it is asked for.
import type { Environment } from '../api/environment';

/** A hidden page paints no frames; it is brought up to date at this pace. */
const hiddenPace = 250;

export class FrameBatcher {
    readonly #environment: Pick<Environment, 'clock'>;
    readonly #run: () => void;
    #cancel: (() => void) | null = null;

    constructor(environment: Pick<Environment, 'clock'>, run: () => void) {
        this.#environment = environment;
        this.#run = run;
    }

    ask(): void {
        if (this.#cancel !== null) return;
        const { clock } = this.#environment;
        const stopFrame = clock.beforeFrame(() => this.now());
        const stopTimer = clock.after(hiddenPace, () => this.now());
        this.#cancel = () => {
            stopFrame();
            stopTimer();
        };
    }

    /** Runs what was asked for at once, if something was. */
    now(): void {
        if (this.#cancel === null) return;
        this.drop();
        this.#run();
    }

    drop(): void {
        this.#cancel?.();
        this.#cancel = null;
    }
}
