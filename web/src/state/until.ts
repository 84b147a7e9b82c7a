// Waiting for a state.
import { effect } from '@preact/signals';

/** Done when `holds` (which reads signals) does, or when it is aborted. */
export function until(holds: () => boolean, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
        let over = false as boolean;
        let stop: (() => void) | null = null;
        const done = (): void => {
            over = true;
            stop?.();
            signal.removeEventListener('abort', done);
            resolve();
        };
        signal.addEventListener('abort', done, { once: true });
        stop = effect(() => {
            if (!over && (signal.aborted || holds())) done();
        });
        // The effect may have been over before there was something to stop.
        if (over) stop();
    });
}
