// All that the page's state takes from its browser, so that tests can give it something else.

export interface Clock {
    now(): number;
    /** Runs it once, `ms` later, unless the function that is returned was called before. */
    after(ms: number, run: () => void): () => void;
    /** Runs it once, before the next frame is painted. A page that is hidden paints none. */
    beforeFrame(run: () => void): () => void;
}

/** `restored`: after it was left it comes back as it was, and has heard nothing of what happened meanwhile. */
export type PageEvent = 'online' | 'shown' | 'hidden' | 'focus' | 'leaving' | 'restored' | 'address';

/** The page in its browser: its address and what happens to it. */
export interface Page {
    hash(): string;
    setHash(hash: string, how: 'push' | 'replace'): void;
    isHidden(): boolean;
    /** Calls it each time, until the function that is returned was called. */
    on(event: PageEvent, run: () => void): () => void;
    /** What another tab wrote into the storage they share; `value` null: it was removed. */
    onStored(run: (name: string, value: string | null) => void): () => void;
}

/** What tabs of one browser say to each other; none hears itself. */
export interface Channel {
    post(message: unknown): void;
    close(): void;
}

export interface Environment {
    fetch(address: string, init: RequestInit): Promise<Response>;
    clock: Clock;
    page: Page;
    /** Kept beyond this tab, and shared with others; null where the browser refuses. */
    local: Storage | null;
    /** Kept as long as this tab. */
    session: Storage | null;
    channel(name: string, hear: (message: unknown) => void): Channel;
    /** From 0 to below 1. */
    random(): number;
    /** A key that nobody has made before. */
    newKey: () => string;
}
