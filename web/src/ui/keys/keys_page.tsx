import { useMemo } from 'preact/hooks';

import { t } from '../../i18n';
import type { AppState } from '../../state/contract';
import { Page } from '../dialogs/page';
import { KeyManager, type KeyRing } from './key_manager';

/** One's own API keys. */
export function KeysPage({ state }: { state: AppState }) {
    const { administration, session } = state;
    const mayAdmin = session.user.value?.is_admin ?? false;
    const ring = useMemo(
        (): KeyRing => ({
            list: () => administration.ownKeys(),
            make: (asked) => administration.makeOwnKey(asked),
            remove: (keyId) => administration.deleteOwnKey(keyId),
            mayAdmin,
        }),
        [administration, mayAdmin],
    );
    return (
        <Page title={t('keys.title')}>
            <p class="muted">{t('keys.text')}</p>
            <KeyManager session={session} ring={ring} />
        </Page>
    );
}
