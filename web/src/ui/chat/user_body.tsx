import { failureText, t } from '../../i18n';
import { Markdown } from '../../markdown/markdown';
import type { ShownMessage } from '../../state/contract';
import { focusComposer } from '../composer/focus_composer';
import { useChat } from './chat_view';
import { imagesOf, textOf } from './content';

/** What a person wrote, and whether it has reached the server. */
export function UserBody({ shown }: { shown: ShownMessage }) {
    const { chat } = useChat();
    const { message, sending } = shown;
    return (
        <>
            <div class="message-body bubble">
                {imagesOf(message).map((url, index) => (
                    <img
                        key={index}
                        class="message-image"
                        src={url}
                        alt={t('chat.image', { number: index + 1 })}
                    />
                ))}
                <Markdown text={textOf(message)} streaming={false} role="user" />
            </div>
            {sending?.state === 'under_way' && <p class="message-note muted late">{t('chat.sending')}</p>}
            {sending?.state === 'failed' && (
                <div class="message-note message-problem" role="alert">
                    <p dir="auto">{t('chat.not_sent', { detail: failureText(sending.failure) })}</p>
                    <div class="message-problem-actions">
                        <button type="button" class="button" onClick={() => void chat.retry(shown.key)}>
                            {t('chat.send_again')}
                        </button>
                        <button
                            type="button"
                            class="button button-quiet"
                            onClick={() => {
                                chat.discard(shown.key);
                                focusComposer();
                            }}
                        >
                            {t('chat.take_back')}
                        </button>
                    </div>
                </div>
            )}
        </>
    );
}
