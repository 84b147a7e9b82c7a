// What is said by screen readers without being seen.
import { signal } from '@preact/signals';

const said = signal('');

/** Something happened that those see who look at the page. */
export function say(words: string): void {
    // The same words once more are a change, too.
    said.value = said.peek() === words ? `${words}\u00a0` : words;
}

export function Announcer() {
    return (
        <div class="visually-hidden" role="status">
            {said.value}
        </div>
    );
}
