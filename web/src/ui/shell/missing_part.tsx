import { useSignal } from '@preact/signals';

import { t } from '../../i18n';
import { missing } from '../../markdown/lazy';
import { ReloadButton } from '../app/reload_button';
import { IconButton } from '../common/icon_button';
import { Icon } from '../common/icons';

/** What draws formulas or colours code did not come: messages are shown without it. Said once. */
export function MissingPart() {
    const dismissed = useSignal(false);
    if (!missing.value || dismissed.value) return null;
    return (
        <div class="notice">
            <Icon name="info" />
            <p>{t('shell.drawing_failed')}</p>
            <ReloadButton />
            <IconButton icon="close" label={t('shell.dismiss')} onClick={() => (dismissed.value = true)} />
        </div>
    );
}
