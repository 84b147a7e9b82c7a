import { t } from '../../i18n';
import { helpOpen } from '../shell/frame';

export function KeyboardHelp() {
    return (
        <>
            <p class="muted">{t('preferences.keyboard_text')}</p>
            <div>
                <button type="button" class="button" onClick={() => (helpOpen.value = true)}>
                    {t('preferences.keyboard_show')}
                </button>
            </div>
        </>
    );
}
