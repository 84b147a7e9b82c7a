// A message's text as the page shows it.
import { render } from 'preact';
import { act } from 'preact/test-utils';

import { Markdown } from '../../src/markdown/markdown';

export interface Shown {
    root: HTMLElement;
    show(text: string, streaming?: boolean, role?: 'assistant' | 'user'): void;
    one(selector: string): HTMLElement;
    all(selector: string): HTMLElement[];
    /** What is in the element, by default in all of the text's. */
    markup(selector?: string): string;
    end(): void;
}

export function place(): Shown {
    const root = document.createElement('div');
    document.body.append(root);
    const shown: Shown = {
        root,
        show(text, streaming = false, role = 'assistant') {
            void act(() => render(<Markdown text={text} streaming={streaming} role={role} />, root));
        },
        one(selector) {
            const found = shown.all(selector);
            if (found[0] === undefined || found.length > 1) {
                throw new Error(`${found.length} × ${selector} in ${shown.markup()}`);
            }
            return found[0];
        },
        all: (selector) => [...root.querySelectorAll<HTMLElement>(selector)],
        // eslint-disable-next-line no-restricted-syntax -- it is read
        markup: (selector) => (selector === undefined ? root : shown.one(selector)).innerHTML,
        end() {
            void act(() => render(null, root));
            root.remove();
        },
    };
    return shown;
}

/** Shows it once and gives the elements. */
export function shownOf(text: string, streaming = false, role: 'assistant' | 'user' = 'assistant'): Shown {
    const shown = place();
    shown.show(text, streaming, role);
    return shown;
}

/** The elements of a whole text as they are when nothing was shown before. */
export function markupOf(text: string, streaming = false): string {
    const shown = shownOf(text, streaming);
    const markup = shown.markup();
    shown.end();
    return markup;
}
