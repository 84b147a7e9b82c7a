import { t } from '../../i18n';
import { countCharacters } from '../common/characters';
import { longestMessage } from '../../state/longest_message';

const near = longestMessage * 0.9;

/** How much still fits, when that begins to matter. */
export function LengthNote({ text }: { text: string }) {
    if (text.length < near) return null;
    const count = countCharacters(text);
    if (count > longestMessage) {
        return (
            <p class="composer-note composer-note-error" role="alert">
                {t('composer.too_long', { count: count - longestMessage, limit: longestMessage })}
            </p>
        );
    }
    return <p class="composer-note">{t('composer.count', { count, limit: longestMessage })}</p>;
}
