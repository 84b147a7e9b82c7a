import type { ManagedUser } from '../../api/types';
import { t } from '../../i18n';

/** `localId`: of the server's own user, whom nobody may have named. */
export function nameOf({ name, user_id }: ManagedUser, localId: string | null): string {
    return name || t(user_id === localId ? 'users.local' : 'users.unnamed');
}
