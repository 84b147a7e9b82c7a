import type { ManagedUser } from '../../api/types';
import { t } from '../../i18n';
import type { Administration } from '../../state/contract';
import { ConfirmDialog } from '../dialogs/confirm_dialog';

interface DeleteUserProps {
    administration: Administration;
    user: ManagedUser;
    /** It is who asks. */
    isOwn: boolean;
    /** Nobody else may administer. */
    isLast: boolean;
    onDeleted: () => void;
    onClose: () => void;
}

export function DeleteUser({ administration, user, isOwn, isLast, onDeleted, onClose }: DeleteUserProps) {
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
            {isOwn && <p class="warning">{t('users.delete_own')}</p>}
            {isLast && <p class="warning">{t('users.delete_last')}</p>}
        </ConfirmDialog>
    );
}
