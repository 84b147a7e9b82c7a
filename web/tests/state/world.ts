// What a test of the state begins with: a server that is played, and a browser with an empty storage. The time is the test's.
import { afterEach, beforeEach, vi } from 'vitest';

import { FakeStorage } from './fake_page';
import { FakeParley } from './fake_parley';
import { settle, Tab } from './tab';

/** New for each test of a file that has called `beginAnew`. */
export let server: FakeParley;
/** Of all tabs of the browser. */
export let shared: FakeStorage;

export function beginAnew(): void {
    beforeEach(() => {
        vi.useFakeTimers();
        server = new FakeParley();
        shared = new FakeStorage();
    });
    afterEach(() => void vi.useRealTimers());
}

/** A tab in which the page has come up. */
export async function open(hash = ''): Promise<Tab> {
    const tab = new Tab(server, shared, hash);
    await settle(100);
    return tab;
}
