import { signal, type ReadonlySignal } from '@preact/signals';

function startOfDay(instant: Date): number {
    return new Date(instant.getFullYear(), instant.getMonth(), instant.getDate()).getTime();
}

const now = signal(startOfDay(new Date()));

/** When today began. A page that is open for days follows the calendar. */
export const today: ReadonlySignal<number> = now;

function look(): void {
    now.value = startOfDay(new Date());
}

setInterval(look, 60_000);
document.addEventListener('visibilitychange', look);
