import { t } from '../../i18n';
import { countCharacters, longest } from './limits';

const near = longest * 0.9;

/** How much still fits, when that begins to matter. */
export function LengthNote({ text }: { text: string }) {
    if (text.length < near) return null;
    const count = countCharacters(text);
    if (count > longest) {
        return (
            <p class="composer-note composer-note-error" role="alert">
                {t('composer.too_long', { count: count - longest, limit: longest })}
            </p>
        );
    }
    return <p class="composer-note">{t('composer.count', { count, limit: longest })}</p>;
}
