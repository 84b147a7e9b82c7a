import { useSignal } from '@preact/signals';
import { useCallback } from 'preact/hooks';

import type { Key, KeyCreate, NewKey } from '../../api/types';
import { failureText, t } from '../../i18n';
import { isFailure, type Failure, type Session } from '../../state/contract';
import { ConfirmDialog } from '../dialogs/confirm_dialog';
import { FormFailure } from '../dialogs/fields';
import { useWhenReady } from '../dialogs/use_when_ready';
import { KeyDialog } from './key_dialog';
import { KeyList } from './key_list';

/** Whose keys, and what can be done with them. */
export interface KeyRing {
    list(): Promise<Key[] | Failure>;
    make(asked: KeyCreate): Promise<NewKey | Failure>;
    remove(keyId: string): Promise<Failure | null>;
    /** Whether keys of this user may have the scope `admin`. */
    mayAdmin: boolean;
}

/** The list of somebody's keys, with making and revoking. */
export function KeyManager({ session, ring }: { session: Session; ring: KeyRing }) {
    const keys = useSignal<Key[] | null>(null);
    const failure = useSignal<Failure | null>(null);
    const making = useSignal(false);
    const revoked = useSignal<Key | null>(null);
    const load = useCallback(async () => {
        const answer = await ring.list();
        failure.value = isFailure(answer) ? answer : null;
        if (!isFailure(answer)) keys.value = answer;
    }, [ring, keys, failure]);
    useWhenReady(session, load);

    return (
        <>
            <div>
                <button type="button" class="button button-primary" onClick={() => (making.value = true)}>
                    {t('keys.make')}
                </button>
            </div>
            <FormFailure text={failure.value && failureText(failure.value)} />
            {keys.value === null && failure.value === null && <p role="status">{t('keys.loading')}</p>}
            {keys.value && (
                <KeyList
                    keys={keys.value}
                    carries={(hint) => session.carries(hint)}
                    onRevoke={(key) => (revoked.value = key)}
                />
            )}
            {making.value && (
                <KeyDialog ring={ring} onMade={() => void load()} onClose={() => (making.value = false)} />
            )}
            {revoked.value && (
                <RevokeDialog
                    ring={ring}
                    shown={revoked.value}
                    inUse={session.carries(revoked.value.hint)}
                    onRevoked={() => void load()}
                    onClose={() => (revoked.value = null)}
                />
            )}
        </>
    );
}

interface RevokeDialogProps {
    ring: KeyRing;
    shown: Key;
    /** The page itself asks with it. */
    inUse: boolean;
    onRevoked: () => void;
    onClose: () => void;
}

function RevokeDialog({ ring, shown, inUse, onRevoked, onClose }: RevokeDialogProps) {
    const revoke = async () => {
        const failure = await ring.remove(shown.key_id);
        if (failure === null) onRevoked();
        return failure;
    };
    return (
        <ConfirmDialog
            title={t('keys.revoke_title')}
            action={t('keys.revoke')}
            onConfirm={revoke}
            onClose={onClose}
        >
            <p>{t('keys.revoke_text', { name: shown.name || shown.hint })}</p>
            {inUse && <p class="warning">{t('keys.revoke_own')}</p>}
        </ConfirmDialog>
    );
}
