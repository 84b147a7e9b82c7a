import { signal } from '@preact/signals';
import { describe, expect, it, vi } from 'vitest';

import { ConfirmDialog } from '../../src/ui/dialogs/confirm_dialog';
import { Dialog } from '../../src/ui/dialogs/dialog';
import { aFailure } from './fake_state';
import { button, press, pressKey, settled, show, text, type } from './shown';

function clickOn(target: Element, pressedOn: Element = target): void {
    pressedOn.dispatchEvent(new Event('pointerdown', { bubbles: true }));
    target.dispatchEvent(new MouseEvent('click', { bubbles: true }));
}

describe('a dialog', () => {
    it('is named by its heading', async () => {
        await show(
            <Dialog title="Greeting" onClose={vi.fn()}>
                Hello
            </Dialog>,
        );
        const dialog = document.querySelector('dialog');
        const heading = document.getElementById(dialog?.getAttribute('aria-labelledby') ?? '');
        expect(dialog?.open).toBe(true);
        expect(heading?.textContent).toBe('Greeting');
    });

    it('closes by a click beside it, not by one that began in it', async () => {
        const onClose = vi.fn();
        await show(
            <Dialog title="Greeting" onClose={onClose}>
                <p>Hello</p>
            </Dialog>,
        );
        const dialog = document.querySelector('dialog');
        const inside = document.querySelector('p');
        if (!dialog || !inside) throw new Error('nothing is shown');
        clickOn(inside);
        clickOn(dialog, inside);
        expect(onClose).not.toHaveBeenCalled();
        clickOn(dialog);
        expect(onClose).toHaveBeenCalledOnce();
    });

    it('that is forced has no way out', async () => {
        const onClose = vi.fn();
        await show(
            <Dialog title="Sign in" forced onClose={onClose}>
                Key
            </Dialog>,
        );
        await pressKey('Escape');
        expect(onClose).not.toHaveBeenCalled();
        expect(document.querySelector('button')).toBeNull();
    });

    it('gives the focus back', async () => {
        const open = signal(false);
        const App = () => (
            <>
                <button type="button">Before</button>
                {open.value && (
                    <Dialog title="Greeting" onClose={() => (open.value = false)}>
                        Hello
                    </Dialog>
                )}
            </>
        );
        await show(<App />);
        button('Before').focus();
        open.value = true;
        await settled();
        button('Close').focus();
        await pressKey('Escape');
        expect(document.querySelector('dialog')).toBeNull();
        expect(document.activeElement).toBe(button('Before'));
    });
});

describe('a confirmation', () => {
    it('asks for the name where nothing brings it back', async () => {
        const onConfirm = vi.fn(() => Promise.resolve(null));
        const onClose = vi.fn();
        await show(
            <ConfirmDialog
                title="Delete?"
                action="Delete"
                typed="Ada"
                onConfirm={onConfirm}
                onClose={onClose}
            >
                All goes.
            </ConfirmDialog>,
        );
        expect(button('Delete').disabled).toBe(true);
        await type('Type “Ada” to confirm', 'Ada');
        await press('Delete');
        expect(onConfirm).toHaveBeenCalledOnce();
        expect(onClose).toHaveBeenCalledOnce();
    });

    it('stays and says why when it fails', async () => {
        const onClose = vi.fn();
        await show(
            <ConfirmDialog
                title="Delete?"
                action="Delete"
                onConfirm={() => Promise.resolve(aFailure({ detail: 'Not now.' }))}
                onClose={onClose}
            >
                All goes.
            </ConfirmDialog>,
        );
        await press('Delete');
        expect(onClose).not.toHaveBeenCalled();
        expect(text()).toContain('Not now.');
    });
});
