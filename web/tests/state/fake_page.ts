// A browser's page and its storage, without a browser.
import type { Environment, Page, PageEvent } from '../../src/api/environment';

/** The storage that the tabs of one browser share: each hears what the others write. */
export class FakeStorage implements Storage {
    readonly #items = new Map<string, string>();
    readonly #listeners = new Set<(name: string, value: string | null) => void>();
    readonly #channels = new Set<{ name: string; hear: (message: unknown) => void }>();
    refuses = false;

    /** One tab's view: its own writes are not told to it. */
    tab(): { storage: Storage; onStored: Page['onStored']; channel: Environment['channel'] } {
        const own = new Set<(name: string, value: string | null) => void>();
        const tell = (name: string, value: string | null) => {
            for (const each of this.#listeners) if (!own.has(each)) each(name, value);
        };
        const storage: Storage = {
            get length() {
                return all.length;
            },
            clear: () => this.clear(),
            getItem: (name) => this.getItem(name),
            key: (index) => this.key(index),
            setItem: (name, value) => {
                const changes = this.getItem(name) !== value;
                this.setItem(name, value);
                if (changes) tell(name, value);
            },
            removeItem: (name) => {
                const was = this.getItem(name) !== null;
                this.removeItem(name);
                if (was) tell(name, null);
            },
        };
        const all = this; // eslint-disable-line @typescript-eslint/no-this-alias -- read by the getter above
        const channel: Environment['channel'] = (name, hear) => {
            const own = { name, hear };
            this.#channels.add(own);
            return {
                post: (message) => {
                    const told = structuredClone(message);
                    for (const each of [...this.#channels]) {
                        if (each === own || each.name !== name) continue;
                        void Promise.resolve().then(() => {
                            if (this.#channels.has(each)) each.hear(told);
                        });
                    }
                },
                close: () => this.#channels.delete(own),
            };
        };
        return {
            channel,
            storage,
            onStored: (run) => {
                own.add(run);
                this.#listeners.add(run);
                return () => this.#listeners.delete(run);
            },
        };
    }

    get length(): number {
        return this.#items.size;
    }

    clear(): void {
        this.#items.clear();
    }

    getItem(name: string): string | null {
        if (this.refuses) throw new DOMException('refused', 'SecurityError');
        return this.#items.get(name) ?? null;
    }

    key(index: number): string | null {
        return [...this.#items.keys()][index] ?? null;
    }

    removeItem(name: string): void {
        this.#items.delete(name);
    }

    setItem(name: string, value: string): void {
        if (this.refuses) throw new DOMException('full', 'QuotaExceededError');
        this.#items.set(name, value);
    }
}

export class FakePage implements Page {
    readonly visited: string[] = [];
    #hash: string;
    #hidden: boolean;
    #isLeft = false;
    readonly #listeners = new Map<PageEvent, Set<() => void>>();
    readonly onStored: Page['onStored'];

    constructor(hash: string, hidden: boolean, onStored: Page['onStored']) {
        this.#hash = hash;
        this.#hidden = hidden;
        this.onStored = (run) =>
            onStored((name, value) => {
                if (!this.#isLeft) run(name, value);
            });
    }

    hash(): string {
        return this.#hash;
    }

    setHash(hash: string, how: 'push' | 'replace'): void {
        this.#hash = hash;
        if (how === 'push') this.visited.push(hash);
    }

    isHidden(): boolean {
        return this.#hidden;
    }

    on(event: PageEvent, run: () => void): () => void {
        const listeners = this.#listeners.get(event) ?? new Set();
        this.#listeners.set(event, listeners);
        listeners.add(run);
        return () => listeners.delete(run);
    }

    /** One that was left hears nothing until it is shown again. */
    tell(event: PageEvent): void {
        if (event === 'leaving' || event === 'shown') this.#isLeft = event === 'leaving';
        if (event === 'hidden' || event === 'shown') this.#hidden = event === 'hidden';
        for (const each of [...(this.#listeners.get(event) ?? [])]) each();
    }

    /** The person goes there by the browser's own means. */
    visit(hash: string): void {
        this.#hash = hash;
        this.tell('address');
    }
}
