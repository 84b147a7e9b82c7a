import { useSignal } from '@preact/signals';

import type { SettingsInput } from '../../api/types';
import { t } from '../../i18n';
import type { Presets } from '../../state/contract';
import { SelectField, TextField } from '../dialogs/fields';

/** Fills the form with a preset's settings; what the preset leaves open gets its default. */
export function ApplyPreset({
    presets,
    onApply,
}: {
    presets: Presets;
    onApply: (settings: SettingsInput) => void;
}) {
    const all = presets.all.value;
    const chosen = useSignal('');
    const told = useSignal('');
    if (all.length === 0) return null;

    const apply = () => {
        const preset = all.find((one) => one.name === chosen.value);
        if (!preset) return;
        onApply(preset.settings);
        told.value = t('settings.preset_applied', { name: preset.name });
    };
    return (
        <div class="preset-row">
            <SelectField
                label={t('settings.preset')}
                value={chosen.value}
                onValue={(name) => (chosen.value = name)}
                choices={[
                    { value: '', label: t('settings.preset_choose') },
                    ...all.map((preset) => ({ value: preset.name, label: preset.name })),
                ]}
            />
            <button type="button" class="button" disabled={chosen.value === ''} onClick={apply}>
                {t('settings.preset_apply')}
            </button>
            <p class="field-hint preset-told" role="status">
                {told.value}
            </p>
        </div>
    );
}

/** Keeps what the form says under a name. `settings` is null while something in the form is wrong. */
export function SavePreset({
    presets,
    settings,
}: {
    presets: Presets;
    settings: () => SettingsInput | null;
}) {
    const name = useSignal('');
    const told = useSignal('');
    const wanted = name.value.trim();
    const taken = presets.all.value.some((preset) => preset.name === wanted);

    const save = () => {
        const found = wanted === '' ? null : settings();
        if (found === null) return;
        presets.save({ name: wanted, settings: found });
        told.value = t('settings.preset_saved', { name: wanted });
        name.value = '';
    };
    return (
        <details class="more">
            <summary>{t('settings.preset_save')}</summary>
            <form
                class="preset-row"
                onSubmit={(event) => {
                    event.preventDefault();
                    save();
                }}
            >
                <TextField
                    label={t('settings.preset_name')}
                    hint={taken ? t('settings.preset_replaces') : undefined}
                    maxLength={100}
                    autoComplete="off"
                    value={name.value}
                    onValue={(text) => (name.value = text)}
                />
                <button type="submit" class="button" disabled={wanted === ''}>
                    {t(taken ? 'settings.preset_replace' : 'settings.preset_save_button')}
                </button>
                <p class="field-hint preset-told" role="status">
                    {told.value}
                </p>
            </form>
        </details>
    );
}
