// What the window and its devices are like, as signals.
import { signal, type ReadonlySignal } from '@preact/signals';

function media(query: string): ReadonlySignal<boolean> {
    const list = window.matchMedia(query);
    const now = signal(list.matches);
    list.addEventListener('change', () => (now.value = list.matches));
    return now;
}

/** Too narrow for two columns: the list of chats is a drawer. The same width stands in shell.css. */
export const narrow = media('(max-width: 50rem)');

/** Written on with fingers: Enter is the only way to a new line there. */
export const touch = media('(pointer: coarse) and (hover: none)');
