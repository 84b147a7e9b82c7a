import { useMemo } from 'preact/hooks';

import type { ManagedUser } from '../../api/types';
import { t } from '../../i18n';
import type { AppState } from '../../state/contract';
import { Dialog } from '../dialogs/dialog';
import { KeyManager, type KeyRing } from '../keys/key_manager';
import { nameOf } from './user_name';

interface UserKeysDialogProps {
    state: AppState;
    user: ManagedUser;
    localId: string | null;
    onClose: () => void;
}

/** The keys of a user, for an administrator. Who makes one sees it, so it is said that this is on record. */
export function UserKeysDialog({ state, user, localId, onClose }: UserKeysDialogProps) {
    const { administration, session } = state;
    const { user_id: userId, is_admin: mayAdmin } = user;
    const ring = useMemo(
        (): KeyRing => ({
            list: () => administration.keysOf(userId),
            make: (asked) => administration.makeKeyFor(userId, asked),
            remove: (keyId) => administration.deleteKeyOf(userId, keyId),
            mayAdmin,
        }),
        [administration, userId, mayAdmin],
    );
    return (
        <Dialog title={t('users.keys_of', { name: nameOf(user, localId) })} shape="panel" onClose={onClose}>
            <div class="panel-body">
                <p class="muted">{t('users.keys_note')}</p>
                <KeyManager session={session} ring={ring} />
            </div>
        </Dialog>
    );
}
