// Short messages at the edge of the page, each for its time.
import { signal } from '@preact/signals';

import type { Environment } from '../api/environment';
import { failureText } from '../i18n';
import type { Failure, Notice, Notices } from './contract';

const infoStays = 7_000;
const errorStays = 15_000;
const most = 5;

interface Timed {
    stays: number;
    over: () => void;
    cancel: () => void;
}

export class ShownNotices implements Notices {
    readonly shown = signal<Notice[]>([]);
    readonly #clock: Environment['clock'];
    readonly #timed = new Map<number, Timed>();
    #held = false;
    #next = 1;

    constructor(environment: Pick<Environment, 'clock'>) {
        this.#clock = environment.clock;
    }

    /** `over` is called when it goes, by itself or by `dismiss`. */
    info(text: string, action: Notice['action'] = null, over: () => void = nothing): number {
        return this.#add({ id: this.#next, kind: 'info', text, action }, infoStays, over);
    }

    failed(failure: Failure, action: Notice['action'] = null): number {
        return this.#add(
            { id: this.#next, kind: 'error', text: failureText(failure), action },
            errorStays,
            nothing,
        );
    }

    dismiss(id: number): void {
        this.#end(id)?.over();
    }

    /** Takes it away without anything that would come of it. */
    withdraw(id: number): void {
        this.#end(id);
    }

    /** Whoever could act on them is gone. */
    withdrawActions(): void {
        for (const { id, action } of this.shown.peek()) if (action !== null) this.withdraw(id);
    }

    hold(held: boolean): void {
        if (held === this.#held) return;
        this.#held = held;
        for (const [id, timed] of this.#timed) {
            if (held) timed.cancel();
            else this.#begin(id, timed); // its whole time again: who looked away may come back
        }
    }

    #add(notice: Notice, stays: number, over: () => void): number {
        this.#next += 1;
        // The same said again is said once, as the latest.
        const same = this.shown.peek().filter(({ text, action }) => text === notice.text && action === null);
        for (const each of same) this.dismiss(each.id);
        const timed = { stays, over, cancel: nothing };
        this.#timed.set(notice.id, timed);
        this.shown.value = [...this.shown.peek(), notice];
        if (!this.#held) this.#begin(notice.id, timed);
        for (const each of this.shown.peek().slice(0, -most)) this.dismiss(each.id);
        return notice.id;
    }

    #begin(id: number, timed: Timed): void {
        timed.cancel = this.#clock.after(timed.stays, () => this.dismiss(id));
    }

    #end(id: number): Timed | undefined {
        const timed = this.#timed.get(id);
        if (timed === undefined) return undefined;
        timed.cancel();
        this.#timed.delete(id);
        this.shown.value = this.shown.peek().filter((notice) => notice.id !== id);
        if (this.#timed.size === 0) this.#held = false; // nobody is at notices that are not there
        return timed;
    }
}

function nothing(): void {
    // Nothing comes of it.
}
