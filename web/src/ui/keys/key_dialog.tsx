import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';

import type { KeyCreate, NewKey } from '../../api/types';
import { failureText, t } from '../../i18n';
import { isFailure, type Failure } from '../../state/contract';
import { CopyButton } from '../common/copy_button';
import { Dialog } from '../dialogs/dialog';
import { CheckField, Field, FormFailure, TextField } from '../dialogs/fields';
import { focusFirstError, Form } from '../dialogs/form';
import { LimitFields } from '../users/limit_fields';
import { limitErrors, limitsOf, noLimits } from '../users/limits_draft';
import { ExpiryFields } from './expiry_fields';
import { expiryErrorOf, expiryOf, type Expiry } from './expiry';
import type { KeyRing } from './key_manager';

interface KeyDialogProps {
    ring: KeyRing;
    onMade: () => void;
    onClose: () => void;
}

/** Makes a key, and then shows its text, this once. */
export function KeyDialog({ ring, onMade, onClose }: KeyDialogProps) {
    const made = useSignal<NewKey | null>(null);
    if (made.value) return <NewKeyDialog made={made.value} onClose={onClose} />;
    return (
        <KeyForm
            ring={ring}
            onClose={onClose}
            onMade={(key) => {
                made.value = key;
                onMade();
            }}
        />
    );
}

const allScopes = ['read', 'write', 'admin'] as const;
type Scope = (typeof allScopes)[number];

function KeyForm({
    ring,
    onMade,
    onClose,
}: {
    ring: KeyRing;
    onMade: (made: NewKey) => void;
    onClose: () => void;
}) {
    const form = useRef<HTMLFormElement>(null);
    const name = useSignal('');
    const scopes = useSignal<Scope[]>(['read', 'write']);
    const expiry = useSignal<Expiry>({ kind: 'never', day: '' });
    const limits = useSignal(noLimits);
    const asked = useSignal(false); // from then on errors are shown
    const busy = useSignal(false);
    const failure = useSignal<Failure | null>(null);

    const scopeError = scopes.value.length === 0 ? t('keys.error_scopes') : null;
    const expiryError = expiryErrorOf(expiry.value, Date.now());
    const wrongLimits = limitErrors(limits.value);

    const make = async () => {
        asked.value = true;
        failure.value = null;
        if (busy.value) return;
        if (scopeError !== null || expiryError !== null || Object.keys(wrongLimits).length > 0) {
            focusFirstError(form);
            return;
        }
        busy.value = true;
        const wanted: KeyCreate = { name: name.value.trim(), scopes: scopes.value };
        const end = expiryOf(expiry.value, Date.now());
        if (end !== null) wanted.expires_at = end;
        const most = limitsOf(limits.value);
        if (most !== null) wanted.limits = most;
        const answer = await ring.make(wanted);
        busy.value = false;
        if (isFailure(answer)) failure.value = answer;
        else onMade(answer);
    };
    return (
        <Dialog title={t('keys.make')} dirty={name.value !== ''} onClose={onClose}>
            <Form within={form} onSubmit={() => void make()}>
                <TextField
                    label={t('keys.name')}
                    hint={t('keys.name_hint')}
                    maxLength={200}
                    autoComplete="off"
                    value={name.value}
                    onValue={(text) => (name.value = text)}
                />
                <ScopeFields
                    scopes={scopes.value}
                    offered={ring.mayAdmin ? [...allScopes] : ['read', 'write']}
                    error={asked.value ? scopeError : null}
                    onScopes={(wanted) => (scopes.value = wanted)}
                />
                <ExpiryFields
                    expiry={expiry.value}
                    error={asked.value ? expiryError : null}
                    onExpiry={(wanted) => (expiry.value = wanted)}
                />
                <details class="more">
                    <summary>{t('keys.limits')}</summary>
                    <p class="field-hint">{t('keys.limits_hint')}</p>
                    <LimitFields
                        draft={limits.value}
                        errors={asked.value ? wrongLimits : {}}
                        of="key"
                        onChange={(change) => (limits.value = { ...limits.value, ...change })}
                    />
                </details>
                <FormFailure text={failure.value && failureText(failure.value)} />
                <div class="dialog-actions">
                    <button type="button" class="button" onClick={onClose}>
                        {t('dialog.cancel')}
                    </button>
                    <button type="submit" class="button button-primary" disabled={busy.value}>
                        {t('keys.make')}
                    </button>
                </div>
            </Form>
        </Dialog>
    );
}

interface ScopeFieldsProps {
    scopes: Scope[];
    offered: Scope[];
    error: string | null;
    onScopes: (scopes: Scope[]) => void;
}

function ScopeFields({ scopes, offered, error, onScopes }: ScopeFieldsProps) {
    return (
        <fieldset class="checks">
            <legend>{t('keys.scopes')}</legend>
            {offered.map((scope) => (
                <CheckField
                    key={scope}
                    label={t(`keys.scope_${scope}`)}
                    hint={t(`keys.scope_${scope}_hint`)}
                    checked={scopes.includes(scope)}
                    onChecked={(checked) =>
                        onScopes(
                            offered.filter((other) => (other === scope ? checked : scopes.includes(other))),
                        )
                    }
                />
            ))}
            {error && (
                <p class="field-error" role="alert">
                    {error}
                </p>
            )}
        </fieldset>
    );
}

function NewKeyDialog({ made, onClose }: { made: NewKey; onClose: () => void }) {
    return (
        <Dialog title={t('keys.made_title')} forced onClose={onClose}>
            <p class="warning">{t('keys.made_text')}</p>
            <Field label={made.name ? t('keys.made_key', { name: made.name }) : t('keys.unnamed')}>
                {(control) => (
                    <div class="copy-row">
                        <textarea
                            {...control}
                            class="field mono key-text"
                            dir="ltr"
                            rows={2}
                            readOnly
                            value={made.key}
                            onFocus={(event) => event.currentTarget.select()}
                        />
                        <CopyButton text={() => made.key} label={t('keys.copy')} />
                    </div>
                )}
            </Field>
            <div class="dialog-actions">
                <button type="button" class="button button-primary" onClick={onClose}>
                    {t('keys.made_done')}
                </button>
            </div>
        </Dialog>
    );
}
