import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';

import { failureText, t } from '../../i18n';
import type { Failure } from '../../state/contract';
import { focusGround } from '../shell/places';
import { Dialog } from './dialog';
import { FormFailure, TextField } from './fields';

interface ConfirmDialogProps {
    title: string;
    /** What the button does, as a verb. */
    action: string;
    /** Null: it is done, and the dialog closes. */
    onConfirm: () => Promise<Failure | null>;
    onClose: () => void;
    children: ComponentChildren;
    /** What has to be typed first, of something that nothing brings back. */
    typed?: string;
}

/** Asks before something that can not be taken back. */
export function ConfirmDialog({ title, action, onConfirm, onClose, children, typed }: ConfirmDialogProps) {
    const entered = useSignal('');
    const busy = useSignal(false);
    const failure = useSignal<Failure | null>(null);
    const allowed = typed === undefined || entered.value.trim() === typed.trim();

    const confirm = async () => {
        if (!allowed || busy.value) return;
        busy.value = true;
        failure.value = await onConfirm();
        busy.value = false;
        if (failure.value !== null) return;
        onClose();
        focusGround(); // the button that asked goes, too
    };

    return (
        <Dialog title={title} onClose={onClose}>
            <form
                onSubmit={(event) => {
                    event.preventDefault();
                    void confirm();
                }}
            >
                {children}
                {typed !== undefined && (
                    <TextField
                        label={t('dialog.type_to_confirm', { text: typed })}
                        value={entered.value}
                        onValue={(text) => (entered.value = text)}
                        autoComplete="off"
                    />
                )}
                <FormFailure text={failure.value && failureText(failure.value)} />
                <div class="dialog-actions">
                    <button type="button" class="button" onClick={onClose}>
                        {t('dialog.cancel')}
                    </button>
                    <button type="submit" class="button button-danger" disabled={!allowed || busy.value}>
                        {action}
                    </button>
                </div>
            </form>
        </Dialog>
    );
}
