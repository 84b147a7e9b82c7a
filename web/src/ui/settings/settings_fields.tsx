import { t } from '../../i18n';
import type { Models } from '../../state/contract';
import { CheckField, SelectField, TextAreaField } from '../dialogs/fields';
import { ModelPicker } from './model_picker';
import { NumberSetting, SliderSetting } from './number_setting';
import { type Masked, type SettingsDraft, type SettingsErrors } from './settings_draft';

interface SettingsFieldsProps {
    draft: SettingsDraft;
    errors: SettingsErrors;
    models: Models;
    onChange: (change: Partial<SettingsDraft>) => void;
}

/** The settings of a chat or of a preset. */
export function SettingsFields({ draft, errors, models, onChange }: SettingsFieldsProps) {
    return (
        <>
            <ModelPicker
                models={models}
                value={draft.model_name}
                onValue={(name) => onChange({ model_name: name })}
                error={errors.model_name}
            />
            <TextAreaField
                label={t('settings.prompt')}
                hint={t('settings.prompt_hint')}
                error={errors.prompt}
                rows={5}
                value={draft.prompt}
                onValue={(prompt) => onChange({ prompt })}
            />
            <SelectField
                label={t('settings.role')}
                hint={t('settings.role_hint')}
                error={errors.role}
                value={draft.role}
                onValue={(role) => onChange({ role })}
                choices={[
                    { value: 'system', label: t('settings.role_system') },
                    { value: 'developer', label: t('settings.role_developer') },
                    { value: 'user', label: t('settings.role_user') },
                ]}
            />
            <SliderSetting
                label={t('settings.temperature')}
                hint={t('settings.temperature_hint')}
                error={errors.temperature}
                least={0}
                most={2}
                step={0.05}
                rest={0.7}
                value={draft.temperature}
                onValue={(temperature) => onChange({ temperature })}
            />
            <NumberSetting
                label={t('settings.max_output_tokens')}
                hint={t('settings.max_output_tokens_hint')}
                error={errors.max_output_tokens}
                whole
                value={draft.max_output_tokens}
                onValue={(most) => onChange({ max_output_tokens: most })}
            />
            <MoreFields draft={draft} errors={errors} onChange={onChange} />
        </>
    );
}

function MoreFields({ draft, errors, onChange }: Omit<SettingsFieldsProps, 'models'>) {
    return (
        <details class="more">
            <summary>{t('settings.more')}</summary>
            <SliderSetting
                label={t('settings.top_p')}
                hint={t('settings.top_p_hint')}
                error={errors.top_p}
                least={0.05}
                most={1}
                step={0.05}
                rest={1}
                value={draft.top_p}
                onValue={(top_p) => onChange({ top_p })}
            />
            <NumberSetting
                label={t('settings.seed')}
                hint={t('settings.seed_hint')}
                error={errors.seed}
                whole
                value={draft.seed}
                onValue={(seed) => onChange({ seed })}
            />
            <TextAreaField
                label={t('settings.stop')}
                hint={t('settings.stop_hint')}
                error={errors.stop}
                rows={2}
                value={draft.stop}
                onValue={(stop) => onChange({ stop })}
            />
            <SelectField
                label={t('settings.on_busy')}
                hint={t('settings.on_busy_hint')}
                error={errors.on_busy}
                value={draft.on_busy}
                onValue={(on_busy) => onChange({ on_busy })}
                choices={[
                    { value: 'reject', label: t('settings.on_busy_reject') },
                    { value: 'queue', label: t('settings.on_busy_queue') },
                    { value: 'interrupt', label: t('settings.on_busy_interrupt') },
                ]}
            />
            <TextAreaField
                label={t('settings.content_template')}
                hint={t('settings.content_template_hint')}
                error={errors.content_template}
                rows={2}
                placeholder="{{content}}"
                value={draft.content_template}
                onValue={(text) => onChange({ content_template: text })}
            />
            <MaskFields draft={draft} onChange={onChange} />
        </details>
    );
}

const maskable: Masked[] = ['email', 'phone', 'card'];

function MaskFields({ draft, onChange }: Pick<SettingsFieldsProps, 'draft' | 'onChange'>) {
    return (
        <fieldset class="checks">
            <legend>{t('settings.mask')}</legend>
            <p class="field-hint">{t('settings.mask_hint')}</p>
            {maskable.map((kind) => (
                <CheckField
                    key={kind}
                    label={t(`settings.mask_${kind}`)}
                    checked={draft.mask.includes(kind)}
                    onChecked={(checked) =>
                        onChange({
                            mask: maskable.filter((other) =>
                                other === kind ? checked : draft.mask.includes(other),
                            ),
                        })
                    }
                />
            ))}
        </fieldset>
    );
}
