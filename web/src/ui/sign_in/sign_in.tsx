import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';

import { failureText, t } from '../../i18n';
import type { AppState } from '../../state/contract';
import { Dialog } from '../dialogs/dialog';
import { CheckField, TextField } from '../dialogs/fields';
import { focusFirstError, Form } from '../dialogs/form';

/** Asks for a key when the server wants one. What was written stays behind it. */
export function SignIn({ state }: { state: AppState }) {
    const form = useRef<HTMLFormElement>(null);
    const key = useSignal('');
    const remember = useSignal(false);
    const busy = useSignal(false);
    const empty = useSignal(false);
    const { refused } = state.session;
    const error = empty.value ? t('sign_in.error_empty') : refused.value && failureText(refused.value);

    const submit = async () => {
        const text = key.value.trim();
        empty.value = text === '';
        if (busy.value) return;
        if (text !== '') {
            busy.value = true;
            await state.session.submitKey(text, remember.value);
            busy.value = false;
        }
        focusFirstError(form);
    };
    return (
        <Dialog title={t('sign_in.title')} forced onClose={() => undefined}>
            <Form within={form} onSubmit={() => void submit()}>
                <p>{t('sign_in.text')}</p>
                <TextField
                    label={t('sign_in.key')}
                    type="password"
                    autoComplete="current-password"
                    required
                    error={error}
                    value={key.value}
                    onValue={(text) => {
                        key.value = text;
                        empty.value = false;
                    }}
                />
                <CheckField
                    label={t('sign_in.remember')}
                    hint={t('sign_in.remember_hint')}
                    checked={remember.value}
                    onChecked={(checked) => (remember.value = checked)}
                />
                <div class="dialog-actions">
                    <button type="submit" class="button button-primary" disabled={busy.value}>
                        {t(busy.value ? 'sign_in.checking' : 'sign_in.submit')}
                    </button>
                </div>
                <details class="more">
                    <summary>{t('sign_in.where')}</summary>
                    <p>{t('sign_in.where_text')}</p>
                    <p>
                        <code dir="ltr" class="command">
                            parley keys create USER --name laptop
                        </code>
                    </p>
                </details>
            </Form>
        </Dialog>
    );
}
