import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef } from 'preact/hooks';

import { t } from '../../i18n';
import '../../styles/dialogs.css';
import { isComposing } from '../common/composing';
import { IconButton } from '../common/icon_button';

interface DialogProps {
    title: string;
    /** The person wants it closed. Who shows the dialog takes it away. */
    onClose: () => void;
    children: ComponentChildren;
    /** `panel`: along the edge of the window, for what has many fields. */
    shape?: 'box' | 'panel';
    /** Something was entered that closing would lose: it is asked for before. */
    dirty?: boolean;
    /** Only what stands in it closes it: nothing behind it could be used without it, or it is shown this once. */
    forced?: boolean;
}

/** A modal dialog, open as long as it is shown. The browser keeps the focus in it and gives it back at the end. */
export function Dialog({
    title,
    onClose,
    children,
    shape = 'box',
    dirty = false,
    forced = false,
}: DialogProps) {
    const element = useRef<HTMLDialogElement>(null);
    const asking = useSignal(false);
    const heading = useId();

    useLayoutEffect(() => {
        const dialog = element.current;
        const before = document.activeElement;
        dialog?.showModal();
        if (dialog && shape === 'box') firstOf(dialog)?.focus(); // rather than the button that closes it
        return () => {
            dialog?.close();
            // The browser gives the focus back only where the dialog is still in the page.
            if (before instanceof HTMLElement && before.isConnected) before.focus();
        };
    }, [shape]);

    const leave = () => {
        if (forced) return;
        if (dirty) asking.value = true;
        else onClose();
    };
    useDismissal(element, leave);

    return (
        <dialog ref={element} class={`dialog dialog-${shape}`} aria-labelledby={heading}>
            <div class="dialog-content">
                <header class="dialog-header">
                    <h2 id={heading}>{title}</h2>
                    {!forced && <IconButton icon="close" label={t('dialog.close')} onClick={leave} />}
                </header>
                {children}
            </div>
            {asking.value && (
                <Dialog title={t('dialog.discard_title')} onClose={() => (asking.value = false)}>
                    <p>{t('dialog.discard_text')}</p>
                    <div class="dialog-actions">
                        <button type="button" class="button" onClick={() => (asking.value = false)}>
                            {t('dialog.keep_editing')}
                        </button>
                        <button
                            type="button"
                            class="button button-danger"
                            onClick={() => {
                                asking.value = false;
                                queueMicrotask(onClose); // each gives the focus back, the inner one first
                            }}
                        >
                            {t('dialog.discard')}
                        </button>
                    </div>
                </Dialog>
            )}
        </dialog>
    );
}

/** The first field; where there is none, the first answer, which changes nothing. */
function firstOf(dialog: HTMLDialogElement): HTMLElement | null {
    const field = dialog.querySelector<HTMLElement>('input, select, textarea');
    return field ?? dialog.querySelector<HTMLElement>('.dialog-actions button');
}

/** Escape, and a click that begins and ends beside the dialog (not one that only ends there after marking a text). */
function useDismissal(element: { current: HTMLDialogElement | null }, leave: () => void): void {
    const latest = useRef(leave);
    useLayoutEffect(() => {
        latest.current = leave;
    });
    useEffect(() => {
        const dialog = element.current;
        if (dialog === null) return;
        let pressedBeside = false;
        const pressed = (event: Event) => (pressedBeside = event.target === dialog);
        const clicked = (event: Event) => {
            if (pressedBeside && event.target === dialog) latest.current();
        };
        const cancelled = (event: Event) => {
            if (event.target !== dialog) return; // of a file chooser or a dialog within
            event.preventDefault();
            latest.current();
        };
        const escaped = (event: KeyboardEvent) => {
            if (event.key !== 'Escape' || isComposing(event)) return;
            // Browsers close a dialog whatever it says when Escape is pressed twice; so it is taken here.
            event.preventDefault();
            event.stopPropagation();
            latest.current();
        };
        dialog.addEventListener('pointerdown', pressed);
        dialog.addEventListener('click', clicked);
        dialog.addEventListener('cancel', cancelled);
        dialog.addEventListener('keydown', escaped);
        return () => {
            dialog.removeEventListener('pointerdown', pressed);
            dialog.removeEventListener('click', clicked);
            dialog.removeEventListener('cancel', cancelled);
            dialog.removeEventListener('keydown', escaped);
        };
    }, [element]);
}
