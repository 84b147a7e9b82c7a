import { useSignal } from '@preact/signals';

import type { ManagedUser } from '../../api/types';
import { failureText, t } from '../../i18n';
import type { Administration, AppState } from '../../state/contract';
import { ConfirmDialog } from '../dialogs/confirm_dialog';
import { FormFailure } from '../dialogs/fields';
import { Page } from '../dialogs/page';
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
                    ownId={session.user.value?.user_id}
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
            {shown?.action === 'keys' && <UserKeysDialog state={state} user={shown.user} onClose={close} />}
            {shown?.action === 'delete' && (
                <DeleteUser
                    administration={administration}
                    user={shown.user}
                    onDeleted={() => pages.drop(shown.user.user_id)}
                    onClose={close}
                />
            )}
        </Page>
    );
}

interface DeleteUserProps {
    administration: Administration;
    user: ManagedUser;
    onDeleted: () => void;
    onClose: () => void;
}

function DeleteUser({ administration, user, onDeleted, onClose }: DeleteUserProps) {
    const name = user.name.trim() || user.user_id;
    const confirm = async () => {
        const failure = await administration.deleteUser(user.user_id);
        if (failure === null) onDeleted();
        return failure;
    };
    return (
        <ConfirmDialog
            title={t('users.delete_title')}
            action={t('users.delete')}
            typed={name}
            onConfirm={confirm}
            onClose={onClose}
        >
            <p>{t('users.delete_text', { name })}</p>
        </ConfirmDialog>
    );
}
