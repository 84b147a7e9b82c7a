import { useSignal } from '@preact/signals';

import type { ManagedUser } from '../../api/types';
import { failureText, t } from '../../i18n';
import type { AppState } from '../../state/contract';
import { FormFailure } from '../dialogs/fields';
import { Page } from '../dialogs/page';
import { DeleteUser } from './delete_user';
import { UserDialog } from './user_dialog';
import { UserKeysDialog } from './user_keys_dialog';
import { UserList, type UserAction } from './user_list';
import { useUserPages } from './user_pages';

type Open = { action: UserAction; user: ManagedUser } | { action: 'make' };

/** All users, for administrators. What they talk about is shown to nobody. */
export function UsersPage({ state }: { state: AppState }) {
    const { administration, session } = state;
    const pages = useUserPages(state);
    const open = useSignal<Open | null>(null);
    const close = () => (open.value = null);
    const shown = open.value;
    const ownId = session.user.value?.user_id;
    /** Whether somebody else is left to administer. The server's own user has no key that is made here. */
    const isLast = (user: ManagedUser) =>
        user.is_admin &&
        !pages.hasMore.value &&
        pages.users.value.every(
            (other) => !other.is_admin || [user.user_id, pages.localId].includes(other.user_id),
        );

    if (pages.failure.value?.code === 'insufficient_scope') {
        return (
            <Page title={t('users.title')}>
                <p role="status">{t('users.only_administrators')}</p>
            </Page>
        );
    }
    return (
        <Page title={t('users.title')}>
            <p class="muted">{t('users.text')}</p>
            <div>
                <button
                    type="button"
                    class="button button-primary"
                    onClick={() => (open.value = { action: 'make' })}
                >
                    {t('users.make')}
                </button>
            </div>
            {pages.users.value.length > 0 && (
                <UserList
                    users={pages.users.value}
                    ownId={ownId}
                    localId={pages.localId}
                    onAction={(action, user) => (open.value = { action, user })}
                />
            )}
            <FormFailure text={pages.failure.value && failureText(pages.failure.value)} />
            {pages.loading.value && <p role="status">{t('users.loading')}</p>}
            {pages.hasMore.value && !pages.loading.value && (
                <div>
                    <button type="button" class="button" onClick={() => void pages.loadMore()}>
                        {t('users.more')}
                    </button>
                </div>
            )}
            {(shown?.action === 'make' || shown?.action === 'change') && (
                <UserDialog
                    administration={administration}
                    user={shown.action === 'change' ? shown.user : null}
                    onSaved={pages.put}
                    onClose={close}
                />
            )}
            {shown?.action === 'keys' && (
                <UserKeysDialog state={state} user={shown.user} localId={pages.localId} onClose={close} />
            )}
            {shown?.action === 'delete' && (
                <DeleteUser
                    administration={administration}
                    user={shown.user}
                    isOwn={shown.user.user_id === ownId}
                    isLast={isLast(shown.user)}
                    onDeleted={() => pages.drop(shown.user.user_id)}
                    onClose={close}
                />
            )}
        </Page>
    );
}
