// What the browser keeps for the page. It may refuse (private windows, a full disk): then the page forgets, no more.

const prefix = 'parley.';

export class Kept {
    readonly #storage: Storage | null;

    constructor(storage: Storage | null) {
        this.#storage = storage;
    }

    get(name: string): string | null {
        return this.#tried(null, (storage) => storage.getItem(prefix + name));
    }

    /** JSON that `is` accepts; null for anything else. */
    getJson<T>(name: string, is: (value: unknown) => value is T): T | null {
        return readJson(this.get(name), is);
    }

    /** False: it was not kept. */
    set(name: string, value: string): boolean {
        return this.#tried(false, (storage) => {
            storage.setItem(prefix + name, value);
            return true;
        });
    }

    setJson(name: string, value: unknown): boolean {
        return this.set(name, JSON.stringify(value));
    }

    remove(name: string): void {
        this.#tried(undefined, (storage) => storage.removeItem(prefix + name));
    }

    /** All names that begin so. */
    names(beginning: string): string[] {
        return this.#tried([], (storage) => {
            const found: string[] = [];
            for (let index = 0; index < storage.length; index += 1) {
                const name = storage.key(index);
                if (name?.startsWith(prefix + beginning) === true) found.push(name.slice(prefix.length));
            }
            return found;
        });
    }

    #tried<T>(otherwise: T, run: (storage: Storage) => T): T {
        if (this.#storage === null) return otherwise;
        try {
            return run(this.#storage);
        } catch {
            return otherwise;
        }
    }
}

/** The name under which something is kept, of the name that the browser tells; null when it is not the page's. */
export function keptName(name: string): string | null {
    return name.startsWith(prefix) ? name.slice(prefix.length) : null;
}

/** What `is` accepts; null for anything else. */
export function readJson<T>(text: string | null, is: (value: unknown) => value is T): T | null {
    if (text === null) return null;
    try {
        const value: unknown = JSON.parse(text);
        return is(value) ? value : null;
    } catch {
        return null;
    }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}
