import { t } from '../../i18n';

/** The page as the server has it now. What was written and what is on its way stays. */
export function ReloadButton() {
    return (
        <button type="button" class="button" onClick={() => location.reload()}>
            {t('shell.reload')}
        </button>
    );
}
