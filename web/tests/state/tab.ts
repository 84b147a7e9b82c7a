// A tab of a browser in which the page is open, at a server that the test plays.
import { vi } from 'vitest';

import type { Environment, Page } from '../../src/api/environment';
import { answersWithin } from '../../src/state/user_events';
import { createAppState } from '../../src/state/app_state';
import type { AppState } from '../../src/state/contract';
import { FakePage, FakeStorage } from './fake_page';
import { textOf } from './fake_answers';
import type { FakeParley } from './fake_parley';

export class Tab {
    readonly page: FakePage;
    readonly session: FakeStorage;
    readonly state: AppState;
    /** How often something was to be done before a frame. */
    frames = 0;
    #alive = true;
    #keys = 0;
    readonly #requests = new Set<AbortController>();
    readonly #server: FakeParley;
    readonly #shared: FakeStorage;

    /** `hidden`: it comes up in the background. */
    constructor(
        server: FakeParley,
        shared = new FakeStorage(),
        hash = '',
        session = new FakeStorage(),
        hidden = false,
    ) {
        this.#server = server;
        this.#shared = shared;
        this.session = session;
        const own = shared.tab();
        const local = new Proxy(own.storage, {
            get: (storage, name) => {
                if (name === 'setItem' || name === 'removeItem') {
                    return (...given: [string, string]) => {
                        if (this.#alive) storage[name](...given);
                    };
                }
                const value: unknown = Reflect.get(storage, name);
                return value;
            },
        });
        const onStored: Page['onStored'] = (run) =>
            own.onStored((name, value) => {
                if (this.#alive) run(name, value);
            });
        this.page = new FakePage(hash, hidden, onStored);
        const environment: Environment = {
            fetch: (address, init) => this.#fetch(address, init),
            clock: {
                now: () => Date.now(),
                after: (ms, run) => {
                    const timer = setTimeout(() => {
                        if (this.#alive) run();
                    }, ms);
                    return () => clearTimeout(timer);
                },
                beforeFrame: (run) => {
                    const timer = setTimeout(() => {
                        if (!this.#alive) return;
                        this.frames += 1;
                        run();
                    }, 16);
                    return () => clearTimeout(timer);
                },
            },
            page: this.page,
            local,
            session,
            channel: (name, hear) => {
                const channel = own.channel(name, (message) => {
                    if (this.#alive) hear(message);
                });
                return {
                    ...channel,
                    post: (message) => {
                        if (this.#alive) channel.post(message);
                    },
                };
            },
            random: () => 0.5,
            newKey: () => {
                this.#keys += 1;
                return `key-${tabs}-${this.#keys}`;
            },
        };
        tabs += 1;
        this.state = createAppState(environment);
    }

    /** The tab goes at once: nothing that it still had to do is done. */
    kill(): void {
        this.#alive = false;
        for (const each of this.#requests) each.abort();
    }

    /** As F5: the page comes again, with what its browser has kept. */
    async reload(): Promise<Tab> {
        this.page.tell('leaving');
        await settle();
        this.kill();
        const again = new Tab(this.#server, this.#shared, this.page.hash(), this.session);
        await settle(answersWithin);
        return again;
    }

    get chat() {
        return this.state.chat.value;
    }

    /** What the chat shows, in short. */
    get said(): string[] {
        return this.chat.messages.value.map(({ message, sending }) => {
            const state = sending === null ? message.status : sending.state;
            return `${message.role} ${state}: ${textOf(message)}`;
        });
    }

    get titles(): string[] {
        return this.state.interactions.visible.value.map(({ title }) => title);
    }

    async #fetch(address: string, init: RequestInit): Promise<Response> {
        if (!this.#alive) return new Promise(() => undefined);
        const controller = new AbortController();
        const abort = () => controller.abort();
        init.signal?.addEventListener('abort', abort);
        if (init.keepalive !== true) this.#requests.add(controller);
        return this.#server.fetch(address, { ...init, signal: controller.signal });
    }
}

let tabs = 0;

/** Everything that can happen without time passing has happened. */
export async function settle(ms = 0): Promise<void> {
    for (let round = 0; round < 8; round += 1) await vi.advanceTimersByTimeAsync(round === 0 ? ms : 0);
}
