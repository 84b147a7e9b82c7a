import { useComputed, useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';

import type { ManagedUser } from '../../api/types';
import { failureText, t } from '../../i18n';
import { isFailure, type Administration, type Failure } from '../../state/contract';
import { Dialog } from '../dialogs/dialog';
import { CheckField, FormFailure, TextField } from '../dialogs/fields';
import { focusFirstError, Form } from '../dialogs/form';
import { LimitFields } from './limit_fields';
import { limitErrors, limitsDraftOf, limitsOf, noLimits } from './limits_draft';

interface UserDialogProps {
    administration: Administration;
    user: ManagedUser | null; // null: a new one
    onSaved: (user: ManagedUser) => void;
    onClose: () => void;
}

export function UserDialog({ administration, user, onSaved, onClose }: UserDialogProps) {
    const form = useRef<HTMLFormElement>(null);
    const before = useSignal({
        name: user?.name ?? '',
        isAdmin: user?.is_admin ?? false,
        limits: user ? limitsDraftOf(user.limits) : noLimits,
    });
    const draft = useSignal(before.peek());
    const asked = useSignal(false); // from then on errors are shown
    const busy = useSignal(false);
    const failure = useSignal<Failure | null>(null);
    const dirty = useComputed(() => JSON.stringify(draft.value) !== JSON.stringify(before.value));
    const errors = limitErrors(draft.value.limits);

    const save = async () => {
        asked.value = true;
        failure.value = null;
        if (busy.value) return;
        if (Object.keys(errors).length > 0) {
            focusFirstError(form);
            return;
        }
        busy.value = true;
        const { name, isAdmin, limits } = draft.value;
        const wanted = { name: name.trim(), is_admin: isAdmin, limits: limitsOf(limits) };
        const answer = user
            ? await administration.changeUser(user.user_id, wanted)
            : await administration.makeUser(wanted);
        busy.value = false;
        if (isFailure(answer)) {
            failure.value = answer;
            return;
        }
        onSaved(answer);
        onClose();
    };
    return (
        <Dialog title={t(user ? 'users.change_title' : 'users.make')} dirty={dirty.value} onClose={onClose}>
            <Form within={form} onSubmit={() => void save()}>
                <TextField
                    label={t('users.name')}
                    error={failure.value?.param === 'name' ? failureText(failure.value) : null}
                    maxLength={200}
                    autoComplete="off"
                    value={draft.value.name}
                    onValue={(name) => (draft.value = { ...draft.value, name })}
                />
                <CheckField
                    label={t('users.is_admin')}
                    hint={t('users.is_admin_hint')}
                    checked={draft.value.isAdmin}
                    onChecked={(isAdmin) => (draft.value = { ...draft.value, isAdmin })}
                />
                <fieldset class="checks">
                    <legend>{t('users.limits')}</legend>
                    <LimitFields
                        draft={draft.value.limits}
                        errors={asked.value ? errors : {}}
                        of="user"
                        onChange={(change) =>
                            (draft.value = { ...draft.value, limits: { ...draft.value.limits, ...change } })
                        }
                    />
                </fieldset>
                <FormFailure
                    text={failure.value && failure.value.param !== 'name' ? failureText(failure.value) : null}
                />
                <div class="dialog-actions">
                    <button type="button" class="button" onClick={onClose}>
                        {t('dialog.cancel')}
                    </button>
                    <button type="submit" class="button button-primary" disabled={busy.value}>
                        {t(user ? 'dialog.save' : 'users.make')}
                    </button>
                </div>
            </Form>
        </Dialog>
    );
}
