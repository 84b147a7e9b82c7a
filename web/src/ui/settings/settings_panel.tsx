import { useComputed, useSignal } from '@preact/signals';
import { useId, useRef } from 'preact/hooks';

import { failureText, t } from '../../i18n';
import type { AppState, Chat, Failure } from '../../state/contract';
import { Dialog } from '../dialogs/dialog';
import { FormFailure } from '../dialogs/fields';
import { focusFirstError, Form } from '../dialogs/form';
import { ApplyPreset, SavePreset } from './preset_controls';
import { changesOf, draftOf, sameDraft, settingsOf, type SettingsErrors } from './settings_draft';
import { SettingsFields } from './settings_fields';
import { fieldOf, settingsErrors } from './settings_rules';

interface SettingsPanelProps {
    chat: Chat;
    state: AppState;
    onClose: () => void;
}

/** How this chat talks to its model. Nothing changes before it is saved. */
export function SettingsPanel({ chat, state, onClose }: SettingsPanelProps) {
    const id = useId();
    const form = useRef<HTMLFormElement>(null);
    const before = useSignal(draftOf(chat.settings.peek()));
    const draft = useSignal(before.peek());
    const shown = useSignal<SettingsErrors>({});
    const failure = useSignal<Failure | null>(null);
    const busy = useSignal(false);
    const dirty = useComputed(() => !sameDraft(draft.value, before.value));

    const valid = () => {
        shown.value = settingsErrors(draft.value);
        if (Object.keys(shown.value).length === 0) return true;
        focusFirstError(form);
        return false;
    };
    const save = async () => {
        failure.value = null;
        if (busy.value || !valid()) return;
        busy.value = true;
        const answer = await chat.changeSettings(changesOf(draft.value, before.value));
        busy.value = false;
        if (answer === null) {
            onClose();
            return;
        }
        const field = fieldOf(answer.param);
        if (field === null) failure.value = answer;
        else shown.value = { [field]: answer.detail };
        focusFirstError(form);
    };

    return (
        <Dialog title={t('settings.title')} shape="panel" dirty={dirty.value} onClose={onClose}>
            <div class="panel-body">
                <Form within={form} id={id} onSubmit={() => void save()}>
                    <ApplyPreset
                        presets={state.presets}
                        onApply={(settings) => (draft.value = draftOf(settings))}
                    />
                    <SettingsFields
                        draft={draft.value}
                        errors={shown.value}
                        models={state.models}
                        onChange={(change) => (draft.value = { ...draft.value, ...change })}
                    />
                </Form>
                <SavePreset
                    presets={state.presets}
                    settings={() => (valid() ? settingsOf(draft.value) : null)}
                />
            </div>
            <footer class="panel-foot">
                <FormFailure text={failure.value && failureText(failure.value)} />
                <div class="dialog-actions">
                    <button type="button" class="button" onClick={onClose}>
                        {t('dialog.cancel')}
                    </button>
                    <button type="submit" form={id} class="button button-primary" disabled={busy.value}>
                        {t('dialog.save')}
                    </button>
                </div>
            </footer>
        </Dialog>
    );
}
