import { formatNumber, t } from '../../i18n';
import { Field, TextField } from '../dialogs/fields';
import { numberOf } from './settings_draft';

interface NumberSettingProps {
    label: string;
    hint: string;
    value: string; // empty: the server's default
    onValue: (value: string) => void;
    error: string | undefined;
    whole?: boolean;
}

/** A number that may be left to the server. */
export function NumberSetting({ whole = false, ...field }: NumberSettingProps) {
    return (
        <TextField
            {...field}
            inputMode={whole ? 'numeric' : 'decimal'}
            autoComplete="off"
            placeholder={t('settings.default')}
            aside={<ResetButton {...field} />}
        />
    );
}

/** The same with a slider beside it. Where it stands while the server decides says nothing, so it looks so. */
export function SliderSetting({
    least,
    most,
    step,
    rest,
    ...field
}: NumberSettingProps & { least: number; most: number; step: number; rest: number }) {
    const { label, hint, value, onValue, error } = field;
    const number = numberOf(value);
    const known = number !== null && !Number.isNaN(number);
    return (
        <Field label={label} hint={hint} error={error} aside={<ResetButton {...field} />}>
            {(control) => (
                <div class="slider-row">
                    <input
                        type="range"
                        class={known ? 'slider' : 'slider slider-default'}
                        aria-label={label}
                        aria-valuetext={known ? formatNumber(number) : t('settings.default')}
                        min={least}
                        max={most}
                        step={step}
                        value={known ? number : rest}
                        onInput={(event) => onValue(event.currentTarget.value)}
                    />
                    <input
                        {...control}
                        class="field slider-number"
                        inputMode="decimal"
                        autoComplete="off"
                        placeholder={t('settings.default')}
                        value={value}
                        onInput={(event) => onValue(event.currentTarget.value)}
                    />
                </div>
            )}
        </Field>
    );
}

function ResetButton({
    label,
    value,
    onValue,
}: {
    label: string;
    value: string;
    onValue: (value: string) => void;
}) {
    if (value === '') return <span class="muted default-mark">{t('settings.is_default')}</span>;
    return (
        <button
            type="button"
            class="link-button"
            aria-label={t('settings.reset_field', { field: label })}
            onClick={() => onValue('')}
        >
            {t('settings.reset')}
        </button>
    );
}
