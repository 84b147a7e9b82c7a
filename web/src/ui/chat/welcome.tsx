import { t } from '../../i18n';
import { useAppState } from '../app/state_context';
import { useChat } from './chat_view';

/** Before the first message. */
export function Welcome() {
    const { session, presets } = useAppState();
    const { chat } = useChat();
    const name = session.hasKey.value ? (session.user.value?.name ?? '') : ''; // nobody has chosen the local user's
    const all = presets.all.value;
    return (
        <div class="welcome">
            <h2 dir="auto">{name === '' ? t('chat.greeting') : t('chat.greeting_named', { name })}</h2>
            {chat.id === null && all.length > 0 && (
                <label class="welcome-preset">
                    {t('chat.preset')}
                    <select
                        class="field"
                        value={presets.forNewChats.value ?? ''}
                        onChange={(event) => (presets.forNewChats.value = event.currentTarget.value || null)}
                    >
                        <option value="">{t('chat.preset_none')}</option>
                        {all.map((preset) => (
                            <option key={preset.name} value={preset.name}>
                                {preset.name}
                            </option>
                        ))}
                    </select>
                </label>
            )}
        </div>
    );
}
