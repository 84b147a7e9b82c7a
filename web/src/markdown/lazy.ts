// What is loaded when it is first needed: its signal is null until then, and stays so where it cannot be loaded.
import { signal, type ReadonlySignal } from '@preact/signals';

export interface Lazy<T> {
    loaded: ReadonlySignal<T | null>;
    /** Begins to load it. After a failure the next call tries again. */
    want(): void;
}

export function lazy<T>(load: () => Promise<T>): Lazy<T> {
    const loaded = signal<T | null>(null);
    let underWay = false;
    return {
        loaded,
        want() {
            if (underWay) return;
            underWay = true;
            load().then(
                (value) => (loaded.value = value),
                () => (underWay = false),
            );
        },
    };
}
