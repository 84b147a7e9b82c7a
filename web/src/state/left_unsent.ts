// What a tab that goes has not sent is taken up by another one that is open. Nothing is said twice even if two do: each
// message has its key. The same tab comes first, if it was only loaded again.
import type { Environment } from '../api/environment';
import { Kept, keptName } from './storage';

/** By then a page that was loaded again has said that it is there. */
const comesBackWithin = 3_000;
const notAllAtOnce = 1_000;

const leftName = 'unsent_left';
const takenName = 'unsent_taken';

interface Parts {
    environment: Pick<Environment, 'clock' | 'page' | 'random' | 'local'>;
    /** Keys of what would be sent here by itself. */
    underWay: () => string[];
    takeUp: (key: string) => void;
}

export class LeftUnsent {
    readonly #parts: Parts;
    readonly #kept: Kept;
    /** What may be taken up in a moment, with what calls that off. */
    readonly #waiting = new Map<string, () => void>();

    constructor(parts: Parts) {
        this.#parts = parts;
        this.#kept = new Kept(parts.environment.local);
    }

    start(): void {
        const { page } = this.#parts.environment;
        page.on('leaving', () => this.#say(leftName, this.#parts.underWay()));
        page.onStored((name, value) => {
            const keys = value?.split(' ') ?? [];
            if (keptName(name) === leftName) for (const key of keys) this.#wait(key);
            else if (keptName(name) === takenName) for (const key of keys) this.#callOff(key);
        });
    }

    /** These are sent here: no other tab has to. */
    taken(keys: string[]): void {
        this.#say(takenName, keys);
    }

    #wait(key: string): void {
        const { clock, random } = this.#parts.environment;
        this.#callOff(key);
        const cancel = clock.after(comesBackWithin + notAllAtOnce * random(), () => {
            this.#waiting.delete(key);
            this.#parts.takeUp(key);
        });
        this.#waiting.set(key, cancel);
    }

    #callOff(key: string): void {
        this.#waiting.get(key)?.();
        this.#waiting.delete(key);
    }

    /** To the other tabs alone: nothing of it stays. */
    #say(name: string, keys: string[]): void {
        if (keys.length === 0) return;
        this.#kept.set(name, keys.join(' '));
        this.#kept.remove(name);
    }
}
