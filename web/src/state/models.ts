// Which models there are, and whether they can answer.
import { batch, signal } from '@preact/signals';

import type { Environment } from '../api/environment';
import type { Routes } from '../api/routes';
import type { Model } from '../api/types';
import type { Models } from './contract';

/** Looking at the page often is no reason to ask each time. */
const fresh = 5_000;

export class KnownModels implements Models {
    readonly all = signal<Model[]>([]);
    readonly currency = signal('');
    readonly #environment: Environment;
    readonly #routes: Routes;
    readonly #mayAsk: () => boolean;
    #freshUntil = -Infinity;

    /** `mayAsk`: no key is asked for. */
    constructor(environment: Environment, routes: Routes, mayAsk: () => boolean) {
        this.#environment = environment;
        this.#routes = routes;
        this.#mayAsk = mayAsk;
    }

    start(): void {
        this.#environment.page.on('focus', () => void this.refreshIfOld());
    }

    async refreshIfOld(): Promise<void> {
        const isOld = this.#environment.clock.now() >= this.#freshUntil;
        if (isOld && this.#mayAsk()) await this.refresh();
    }

    /** Another user may see other ones. */
    forget(): void {
        this.#freshUntil = -Infinity;
        this.all.value = [];
    }

    async refresh(): Promise<void> {
        this.#freshUntil = this.#environment.clock.now() + fresh;
        const answer = await this.#routes.models();
        if (!answer.ok) {
            const patience = answer.failure.retryAfter ?? 0;
            this.#freshUntil = this.#environment.clock.now() + patience * 1000;
            return; // what was known is shown on; the next look asks again
        }
        batch(() => {
            this.all.value = answer.value.data;
            this.currency.value = answer.value.currency;
        });
    }
}
