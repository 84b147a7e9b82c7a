// A form of a dialog: what is wrong is told by the fields themselves, not by the browser.
import type { ComponentChildren, RefObject } from 'preact';

interface Props {
    within: RefObject<HTMLFormElement | null>;
    /** By which a button outside of it belongs to it. */
    id?: string;
    onSubmit: () => void;
    children: ComponentChildren;
}

export function Form({ within, id, onSubmit, children }: Props) {
    return (
        <form
            ref={within}
            id={id}
            class="form"
            noValidate
            onSubmit={(event) => {
                event.preventDefault();
                onSubmit();
            }}
        >
            {children}
        </form>
    );
}

/** Brings the first field that is wrong before the person's eyes, when the errors are drawn. */
export function focusFirstError(form: RefObject<HTMLFormElement | null>): void {
    requestAnimationFrame(() => {
        const field = form.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
        const hidden = field?.closest('details:not([open])');
        if (hidden instanceof HTMLDetailsElement) hidden.open = true;
        field?.focus();
    });
}
