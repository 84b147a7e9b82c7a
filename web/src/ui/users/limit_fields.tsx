import { t } from '../../i18n';
import { Field } from '../dialogs/fields';
import { limitNames, type LimitDraft, type LimitName, type LimitsDraft } from './limits_draft';

/** Where nothing is set, a user has what is configured, and a key no limit of its own. */
type LimitedBy = 'user' | 'key';

interface LimitFieldsProps {
    draft: LimitsDraft;
    errors: Partial<Record<LimitName, string>>;
    of: LimitedBy;
    onChange: (change: Partial<LimitsDraft>) => void;
}

export function LimitFields({ draft, errors, of, onChange }: LimitFieldsProps) {
    return (
        <>
            {limitNames.map((name) => (
                <LimitField
                    key={name}
                    name={name}
                    limit={draft[name]}
                    error={errors[name]}
                    of={of}
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
    of: LimitedBy;
    onLimit: (limit: LimitDraft) => void;
}

function LimitField({ name, limit, error, of, onLimit }: LimitFieldProps) {
    const label = t(`users.${name}`);
    const offered = of === 'key' ? kinds.filter((kind) => kind !== 'none') : kinds;
    const unset = t(of === 'key' ? 'users.limit_none' : 'users.limit_default');
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
