// What is loaded when it is first needed: its signal is null until then, and stays so where it cannot be loaded.
import { signal, type ReadonlySignal } from '@preact/signals';

export interface Lazy<T> {
    loaded: ReadonlySignal<T | null>;
    /** Begins to load it. After a failure the next call tries again. */
    want(): void;
}

/** Something did not come when it was asked for last: the network is lost, or the server has another page by now. */
export const missing = signal(false);

export function lazy<T>(load: () => Promise<T>): Lazy<T> {
    const loaded = signal<T | null>(null);
    let underWay = false;
    return {
        loaded,
        want() {
            if (underWay) return;
            underWay = true;
            load().then(
                (value) => {
                    loaded.value = value;
                    missing.value = false;
                },
                () => {
                    underWay = false;
                    missing.value = true;
                },
            );
        },
    };
}
