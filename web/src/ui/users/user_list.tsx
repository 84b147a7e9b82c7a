import type { ManagedUser } from '../../api/types';
import { formatDate, formatNumber, t } from '../../i18n';
import { limitNames } from './limits_draft';
import { nameOf } from './user_name';

export type UserAction = 'change' | 'keys' | 'delete';

interface UserListProps {
    users: ManagedUser[];
    ownId: string | undefined;
    /** Of the server's own user, which stays. */
    localId: string | null;
    onAction: (action: UserAction, user: ManagedUser) => void;
}

function actionsFor({ user_id }: ManagedUser, localId: string | null): UserAction[] {
    return user_id === localId ? ['change', 'keys'] : ['change', 'keys', 'delete'];
}

export function UserList({ users, ownId, localId, onAction }: UserListProps) {
    return (
        <ul class="rows" aria-label={t('users.list')}>
            {users.map((user) => (
                <li key={user.user_id} class="row">
                    <div class="row-text">
                        <p class="row-title">
                            <bdi>{nameOf(user, localId)}</bdi>{' '}
                            {user.is_admin && (
                                <span class="badge badge-accent">{t('users.administrator')}</span>
                            )}{' '}
                            {user.user_id === ownId && <span class="badge">{t('users.you')}</span>}
                        </p>
                        <ul class="facts">
                            <li>{t('users.created', { when: formatDate(user.created_at) })}</li>
                            {user.user_id === localId && <li>{t('users.local_stays')}</li>}
                            {limitNames.map((name) => {
                                const limit = user.limits[name];
                                return limit === null ? null : (
                                    <li key={name}>
                                        {t(`users.${name}`)}
                                        {': '}
                                        {limit === 0 ? t('users.limit_none') : formatNumber(limit)}
                                    </li>
                                );
                            })}
                            <li>
                                <code dir="ltr">{user.user_id}</code>
                            </li>
                        </ul>
                    </div>
                    <div class="row-actions">
                        {actionsFor(user, localId).map((action) => (
                            <button
                                key={action}
                                type="button"
                                class="button"
                                aria-label={t(`users.${action}_named`, { name: nameOf(user, localId) })}
                                onClick={() => onAction(action, user)}
                            >
                                {t(`users.${action}`)}
                            </button>
                        ))}
                    </div>
                </li>
            ))}
        </ul>
    );
}
