// Form fields: each has its label, and says by aria-describedby what it is for and what is wrong with it.
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

import '../../styles/forms.css';

export interface FieldProps {
    label: string;
    hint?: string | undefined;
    error?: string | null | undefined;
}

/** What a control needs to be told of by its label, hint and error. */
interface ControlProps {
    id: string;
    'aria-describedby': string | undefined;
    'aria-invalid': boolean | undefined;
}

/** Label, control, hint and error, in this order. `children` makes the control. */
export function Field({
    label,
    hint,
    error,
    aside,
    children,
}: FieldProps & { aside?: ComponentChildren; children: (control: ControlProps) => ComponentChildren }) {
    const id = useId();
    const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
    return (
        <div class="form-field">
            <div class="field-head">
                <label for={id}>{label}</label>
                {aside}
            </div>
            {children({
                id,
                'aria-describedby': described || undefined,
                'aria-invalid': error ? true : undefined,
            })}
            {hint && (
                <p class="field-hint" id={`${id}-hint`}>
                    {hint}
                </p>
            )}
            {error && (
                <p class="field-error" id={`${id}-error`} role="alert">
                    {error}
                </p>
            )}
        </div>
    );
}

interface ValueProps extends FieldProps {
    value: string;
    onValue: (value: string) => void;
    aside?: ComponentChildren;
    placeholder?: string | undefined;
    maxLength?: number | undefined;
}

/** Each of a type of its own, since what is allowed beside `type` differs. */
const kinds = {
    text: { type: 'text' },
    password: { type: 'password' },
    date: { type: 'date' },
} as const;

/** As what is written has it; an empty field is as the page is. */
function directionOf(value: string): 'auto' | undefined {
    return value === '' ? undefined : 'auto';
}

interface TextFieldProps extends ValueProps {
    type?: keyof typeof kinds;
    autoComplete?: string;
    inputMode?: 'text' | 'numeric' | 'decimal';
    required?: boolean;
    min?: string;
    max?: string;
}

export function TextField({
    value,
    onValue,
    placeholder,
    maxLength,
    type = 'text',
    ...rest
}: TextFieldProps) {
    const { autoComplete, inputMode, required, min, max, ...field } = rest;
    return (
        <Field {...field}>
            {(control) => (
                <input
                    {...control}
                    class="field"
                    {...kinds[type]}
                    dir={directionOf(value)}
                    value={value}
                    placeholder={placeholder}
                    maxLength={maxLength}
                    autoComplete={autoComplete}
                    inputMode={inputMode}
                    required={required}
                    min={min}
                    max={max}
                    onInput={(event) => onValue(event.currentTarget.value)}
                />
            )}
        </Field>
    );
}

export function TextAreaField({
    value,
    onValue,
    placeholder,
    maxLength,
    rows,
    ...field
}: ValueProps & { rows: number }) {
    return (
        <Field {...field}>
            {(control) => (
                <textarea
                    {...control}
                    class="field"
                    dir={directionOf(value)}
                    rows={rows}
                    value={value}
                    placeholder={placeholder}
                    maxLength={maxLength}
                    onInput={(event) => onValue(event.currentTarget.value)}
                />
            )}
        </Field>
    );
}

export interface Choice<Value extends string> {
    value: Value;
    label: string;
}

export function SelectField<Value extends string>({
    value,
    onValue,
    choices,
    ...field
}: FieldProps & { value: Value; onValue: (value: Value) => void; choices: Choice<Value>[] }) {
    return (
        <Field {...field}>
            {(control) => (
                <select
                    {...control}
                    class="field"
                    value={value}
                    onChange={(event) => {
                        const chosen = choices[event.currentTarget.selectedIndex];
                        if (chosen) onValue(chosen.value);
                    }}
                >
                    {choices.map((choice) => (
                        <option key={choice.value} value={choice.value}>
                            {choice.label}
                        </option>
                    ))}
                </select>
            )}
        </Field>
    );
}

export function CheckField({
    label,
    hint,
    checked,
    onChecked,
    disabled = false,
}: {
    label: string;
    hint?: string | undefined;
    checked: boolean;
    onChecked: (checked: boolean) => void;
    disabled?: boolean;
}) {
    const id = useId();
    return (
        <div class="check">
            <input
                id={id}
                type="checkbox"
                checked={checked}
                disabled={disabled}
                aria-describedby={hint ? `${id}-hint` : undefined}
                onChange={(event) => onChecked(event.currentTarget.checked)}
            />
            <div>
                <label for={id}>{label}</label>
                {hint && (
                    <p class="field-hint" id={`${id}-hint`}>
                        {hint}
                    </p>
                )}
            </div>
        </div>
    );
}

/** One of a few, side by side. */
export function SegmentField<Value extends string>({
    label,
    value,
    onValue,
    choices,
}: {
    label: string;
    value: Value | null;
    onValue: (value: Value) => void;
    choices: Choice<Value>[];
}) {
    const name = useId();
    return (
        <fieldset class="segments">
            <legend>{label}</legend>
            <div class="segments-row">
                {choices.map((choice) => (
                    <label key={choice.value} class="segment">
                        <input
                            type="radio"
                            class="visually-hidden"
                            name={name}
                            checked={choice.value === value}
                            onChange={() => onValue(choice.value)}
                        />
                        <span>{choice.label}</span>
                    </label>
                ))}
            </div>
        </fieldset>
    );
}

/** What went wrong with the form as a whole; screen readers say it when it appears. */
export function FormFailure({ text }: { text: string | null }) {
    return (
        text && (
            <div class="form-failure" role="alert">
                {text}
            </div>
        )
    );
}
