import { t } from '../../i18n';
import { useChat } from '../chat/chat_view';
import { Icon } from '../common/icons';
import { IconButton } from '../common/icon_button';
import { focusComposer } from './focus_composer';
import { keysOf } from '../shell/shortcuts';
import { ModelPicker } from './model_picker';

interface ComposerBarProps {
    editing: boolean;
    /** Nothing speaks against sending; otherwise the button tells what does. */
    canSend: boolean;
    /** Whether sending means something while a reply is being written. */
    maySendNow: boolean;
}

/** Under the text: with which model, with which settings, and off. */
export function ComposerBar({ editing, canSend, maySendNow }: ComposerBarProps) {
    const { chat, busy, settingsOpen } = useChat();
    return (
        <div class="composer-bar">
            <ModelPicker />
            <IconButton
                icon="settings"
                label={t('composer.settings')}
                disabled={chat.status.value !== 'ready'}
                why={t('composer.not_loaded')}
                onClick={() => (settingsOpen.value = true)}
            />
            <span class="composer-bar-space" />
            {busy.value && (
                <button
                    type="button"
                    class="send-button stop-button"
                    aria-label={t('composer.stop')}
                    title={`${t('composer.stop')} (${keysOf('stop')})`}
                    onClick={() => {
                        void chat.stop();
                        focusComposer();
                    }}
                >
                    <Icon name="stop" />
                </button>
            )}
            {(!busy.value || (maySendNow && canSend)) && (
                <button
                    type="submit"
                    class="send-button"
                    aria-label={editing ? t('composer.save_edit') : t('composer.send')}
                    title={`${editing ? t('composer.save_edit') : t('composer.send')} (${keysOf('send')})`}
                    aria-disabled={!canSend || undefined}
                >
                    <Icon name={editing ? 'check' : 'send'} />
                </button>
            )}
        </div>
    );
}
