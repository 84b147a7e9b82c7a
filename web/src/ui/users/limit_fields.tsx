import { t } from '../../i18n';
import { Field } from '../dialogs/fields';
import { limitNames, type LimitDraft, type LimitName, type LimitsDraft } from './limits_draft';

interface LimitFieldsProps {
    draft: LimitsDraft;
    errors: Partial<Record<LimitName, string>>;
    /** What holds where nothing is set. */
    unset: string;
    onChange: (change: Partial<LimitsDraft>) => void;
}

export function LimitFields({ draft, errors, unset, onChange }: LimitFieldsProps) {
    return (
        <>
            {limitNames.map((name) => (
                <LimitField
                    key={name}
                    name={name}
                    limit={draft[name]}
                    error={errors[name]}
                    unset={unset}
                    onLimit={(limit) => onChange({ [name]: limit })}
                />
            ))}
        </>
    );
}

const kinds: LimitDraft['kind'][] = ['unset', 'none', 'number'];

interface LimitFieldProps {
    name: LimitName;
    limit: LimitDraft;
    error: string | undefined;
    unset: string;
    onLimit: (limit: LimitDraft) => void;
}

function LimitField({ name, limit, error, unset, onLimit }: LimitFieldProps) {
    const label = t(`users.${name}`);
    // Of a key nothing set and no limit are the same.
    const offered = unset === t('users.limit_none') ? kinds.filter((kind) => kind !== 'none') : kinds;
    const words = { unset, none: t('users.limit_none'), number: t('users.limit_number') };
    return (
        <Field label={label} error={error}>
            {(control) => (
                <div class="limit-row">
                    <select
                        class="field"
                        aria-label={t('users.limit_kind', { limit: label })}
                        value={limit.kind}
                        onChange={(event) => {
                            const kind = offered[event.currentTarget.selectedIndex];
                            if (kind) onLimit({ ...limit, kind });
                        }}
                    >
                        {offered.map((kind) => (
                            <option key={kind} value={kind}>
                                {words[kind]}
                            </option>
                        ))}
                    </select>
                    <input
                        {...control}
                        class="field"
                        inputMode="numeric"
                        autoComplete="off"
                        disabled={limit.kind !== 'number'}
                        value={limit.kind === 'number' ? limit.number : ''}
                        onInput={(event) => onLimit({ kind: 'number', number: event.currentTarget.value })}
                    />
                </div>
            )}
        </Field>
    );
}
