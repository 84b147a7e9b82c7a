// Shows a component in a document and finds in it what a person would: by label, by the name of a button.
import type { VNode } from 'preact';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach } from 'vitest';

afterEach(() => {
    render(null, document.body);
});

export async function show(view: VNode): Promise<void> {
    openDialogsLikeBrowsers();
    await act(() => render(null, document.body)); // what an earlier call has shown
    await act(() => render(view, document.body));
    await settled();
}

/** All that was under way without a timer has happened, and is shown. */
export async function settled(): Promise<void> {
    await act(async () => {
        for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
        await new Promise(requestAnimationFrame);
    });
}

/** jsdom knows no modal dialogs. */
function openDialogsLikeBrowsers(): void {
    HTMLDialogElement.prototype.showModal = function () {
        this.open = true;
    };
    HTMLDialogElement.prototype.close = function () {
        this.open = false;
    };
}

export function text(): string {
    return document.body.textContent;
}

/** The field with this label. */
export function field(label: string): HTMLInputElement {
    const found = [...document.querySelectorAll('label')].find(
        (one) => one.textContent.trim() === label,
    )?.control;
    if (!found) throw new Error(`no field ${label}`);
    return found as HTMLInputElement; // or one that has a value, too
}

export function errorOf(control: HTMLElement): string | null {
    const ids = control.getAttribute('aria-describedby')?.split(' ') ?? [];
    const error = ids.find((id) => id.endsWith('-error'));
    return control.getAttribute('aria-invalid') === 'true' && error !== undefined
        ? (document.getElementById(error)?.textContent ?? null)
        : null;
}

export async function type(label: string, value: string): Promise<void> {
    await set(field(label), value);
}

export async function set(control: HTMLInputElement, value: string): Promise<void> {
    control.value = value;
    await act(() => {
        control.dispatchEvent(new Event('input', { bubbles: true }));
        control.dispatchEvent(new Event('change', { bubbles: true }));
    });
}

export async function check(label: string): Promise<void> {
    await act(() => field(label).click());
}

/** The last button of this name: that of the dialog which stands in front. */
export function button(name: string): HTMLButtonElement {
    const named = [...document.querySelectorAll('button')].filter(
        (one) => (one.getAttribute('aria-label') ?? one.textContent.trim()) === name,
    );
    const found = named.at(-1);
    if (!found) throw new Error(`no button ${name}`);
    return found;
}

export async function press(name: string): Promise<void> {
    await act(() => button(name).click());
    await settled();
}

export async function pressKey(key: string): Promise<void> {
    const target = [...document.querySelectorAll('dialog')].at(-1) ?? document.body;
    await act(
        () =>
            void target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })),
    );
    await settled();
}
