import { useComputed, useSignal } from '@preact/signals';
import { useId, useRef } from 'preact/hooks';

import { t } from '../../i18n';
import type { Models, Preset, Presets } from '../../state/contract';
import { Dialog } from '../dialogs/dialog';
import { TextField } from '../dialogs/fields';
import { focusFirstError, Form } from '../dialogs/form';
import { draftOf, sameDraft, settingsOf, type SettingsErrors } from './settings_draft';
import { SettingsFields } from './settings_fields';
import { settingsErrors } from './settings_rules';

interface PresetDialogProps {
    presets: Presets;
    models: Models;
    preset: Preset | null; // null: a new one
    onClose: () => void;
}

export function PresetDialog({ presets, models, preset, onClose }: PresetDialogProps) {
    const id = useId();
    const form = useRef<HTMLFormElement>(null);
    const before = useSignal(draftOf(preset?.settings ?? {}));
    const draft = useSignal(before.peek());
    const name = useSignal(preset?.name ?? '');
    const nameError = useSignal<string | null>(null);
    const errors = useSignal<SettingsErrors>({});
    const dirty = useComputed(
        () => name.value !== (preset?.name ?? '') || !sameDraft(draft.value, before.value),
    );

    const save = () => {
        errors.value = settingsErrors(draft.value);
        nameError.value = nameErrorOf(name.value.trim(), preset, presets);
        if (nameError.value !== null || Object.keys(errors.value).length > 0) {
            focusFirstError(form);
            return;
        }
        keepPreset(presets, preset, {
            name: name.value.trim(),
            settings: settingsOf(draft.value),
        });
        onClose();
    };
    return (
        <Dialog
            title={t(preset ? 'preferences.preset_edit_title' : 'preferences.preset_make')}
            shape="panel"
            dirty={dirty.value}
            onClose={onClose}
        >
            <div class="panel-body">
                <Form within={form} id={id} onSubmit={save}>
                    <TextField
                        label={t('settings.preset_name')}
                        error={nameError.value}
                        maxLength={100}
                        autoComplete="off"
                        required
                        value={name.value}
                        onValue={(text) => (name.value = text)}
                    />
                    <SettingsFields
                        draft={draft.value}
                        errors={errors.value}
                        models={models}
                        onChange={(change) => (draft.value = { ...draft.value, ...change })}
                    />
                </Form>
            </div>
            <footer class="panel-foot">
                <div class="dialog-actions">
                    <button type="button" class="button" onClick={onClose}>
                        {t('dialog.cancel')}
                    </button>
                    <button type="submit" form={id} class="button button-primary">
                        {t('dialog.save')}
                    </button>
                </div>
            </footer>
        </Dialog>
    );
}

function nameErrorOf(name: string, preset: Preset | null, presets: Presets): string | null {
    if (name === '') return t('preferences.preset_needs_name');
    const taken = name !== preset?.name && presets.all.peek().some((other) => other.name === name);
    return taken ? t('preferences.preset_name_taken') : null;
}

function keepPreset(presets: Presets, before: Preset | null, now: Preset): void {
    presets.save(now);
    if (before === null || before.name === now.name) return;
    if (presets.forNewChats.peek() === before.name) presets.forNewChats.value = now.name;
    presets.remove(before.name);
}
