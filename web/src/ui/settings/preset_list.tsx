import { useSignal } from '@preact/signals';

import { t } from '../../i18n';
import type { Models, Preset, Presets } from '../../state/contract';
import { ConfirmDialog } from '../dialogs/confirm_dialog';
import { SelectField } from '../dialogs/fields';
import { PresetDialog } from './preset_dialog';

/** The presets, and which of them new chats begin with. */
export function PresetList({ presets, models }: { presets: Presets; models: Models }) {
    const all = presets.all.value;
    const edited = useSignal<Preset | 'new' | null>(null);
    const deleted = useSignal<string | null>(null);

    return (
        <>
            <p class="muted">{t('preferences.presets_text')}</p>
            <ul class="rows">
                {all.map((preset) => (
                    <li key={preset.name} class="row">
                        <div class="row-text">
                            <p class="row-title">
                                <bdi>{preset.name}</bdi>
                            </p>
                            <p class="muted">{summaryOf(preset)}</p>
                        </div>
                        <div class="row-actions">
                            <button
                                type="button"
                                class="button"
                                aria-label={t('preferences.preset_edit_named', { name: preset.name })}
                                onClick={() => (edited.value = preset)}
                            >
                                {t('preferences.preset_edit')}
                            </button>
                            <button
                                type="button"
                                class="button"
                                aria-label={t('preferences.preset_delete_named', { name: preset.name })}
                                onClick={() => (deleted.value = preset.name)}
                            >
                                {t('preferences.preset_delete')}
                            </button>
                        </div>
                    </li>
                ))}
            </ul>
            <div>
                <button type="button" class="button" onClick={() => (edited.value = 'new')}>
                    {t('preferences.preset_make')}
                </button>
            </div>
            <SelectField
                label={t('preferences.new_chats')}
                value={presets.forNewChats.value ?? ''}
                onValue={(name) => (presets.forNewChats.value = name || null)}
                choices={[
                    { value: '', label: t('preferences.new_chats_default') },
                    ...all.map((preset) => ({ value: preset.name, label: preset.name })),
                ]}
            />
            {edited.value !== null && (
                <PresetDialog
                    presets={presets}
                    models={models}
                    preset={edited.value === 'new' ? null : edited.value}
                    onClose={() => (edited.value = null)}
                />
            )}
            {deleted.value !== null && (
                <DeletePreset name={deleted.value} presets={presets} onClose={() => (deleted.value = null)} />
            )}
        </>
    );
}

function DeletePreset({ name, presets, onClose }: { name: string; presets: Presets; onClose: () => void }) {
    return (
        <ConfirmDialog
            title={t('preferences.preset_delete_title')}
            action={t('preferences.preset_delete')}
            onClose={onClose}
            onConfirm={() => {
                presets.remove(name);
                return Promise.resolve(null);
            }}
        >
            <p>{t('preferences.preset_delete_text', { name })}</p>
        </ConfirmDialog>
    );
}

function summaryOf({ settings }: Preset): string {
    const count = Object.values(settings).filter((value) => value !== null).length;
    const model = settings.model_name ?? t('settings.model_default');
    return `${model} · ${t('preferences.preset_settings', { count })}`;
}
