import { t } from '../../i18n';
import { useOpenPart } from './open_parts';

/** What a model thought before it answered: there for who wants to know. */
export function Thoughts({ id, text, thinking }: { id: string; text: string; thinking: boolean }) {
    const part = useOpenPart(`thoughts ${id}`);
    return (
        <details class="fold" {...part}>
            <summary>
                {thinking && <span class="spinner" />}
                {thinking ? t('chat.thinking') : t('chat.thoughts')}
            </summary>
            <p class="fold-text" dir="auto">
                {text}
            </p>
        </details>
    );
}
