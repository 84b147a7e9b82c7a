import type { Model } from '../../api/types';
import { t } from '../../i18n';
import { useAppState } from '../app/state_context';
import { useChat } from '../chat/chat_view';

/** Which model replies from now on. */
export function ModelPicker() {
    const { models } = useAppState();
    const { chat } = useChat();
    const all = models.all.value;
    const chosen = chat.settings.value.model_name ?? '';
    const standard = all.find((model) => model.default);
    const listed = chosen === '' || all.some((model) => model.name === chosen);
    const choose = async (field: HTMLSelectElement) => {
        if (!(await chat.chooseModel(field.value || null))) field.value = chosen;
    };
    return (
        <select
            class="model-picker"
            aria-label={t('composer.model')}
            title={t('composer.model')}
            value={chosen}
            onFocus={() => void models.refresh()}
            onChange={(event) => void choose(event.currentTarget)}
        >
            <option value="">
                {standard
                    ? t('composer.default_model', { model: labelOf(standard) })
                    : t('composer.default_unknown')}
            </option>
            {!listed && (
                <option value={chosen}>
                    {all.length === 0 ? chosen : t('composer.model_gone', { model: chosen })}
                </option>
            )}
            {all.map((model) => (
                <option key={model.name} value={model.name}>
                    {labelOf(model)}
                </option>
            ))}
        </select>
    );
}

function labelOf(model: Model): string {
    switch (model.state) {
        case 'ready':
            return model.name;
        case 'loading':
            return t('composer.model_loading', { model: model.name });
        case 'unloaded':
            return t('composer.model_unloaded', { model: model.name });
        case 'failed':
            return t('composer.model_failed', { model: model.name });
    }
}
