import { t } from '../../i18n';
import type { Route } from '../../state/contract';
import { useAppState } from '../app/state_context';
import { Icon, type IconName } from '../common/icons';
import { touch } from '../common/media';
import { helpOpen } from '../shell/frame';
import { ConnectionNote } from './connection_note';

function PageLink({ page, icon, label }: { page: Route['page']; icon: IconName; label: string }) {
    const { route } = useAppState();
    return (
        <a class="foot-link" href={`#/${page}`} aria-current={route.value.page === page ? 'page' : undefined}>
            <Icon name={icon} />
            <span>{label}</span>
        </a>
    );
}

/** What is not a chat: the pages, and whether the page is in step with the server. */
export function SidebarFoot() {
    const { session } = useAppState();
    return (
        <div class="sidebar-foot">
            <ConnectionNote />
            <nav class="foot-links" aria-label={t('sidebar.pages')}>
                <PageLink page="settings" icon="settings" label={t('sidebar.settings')} />
                <PageLink page="usage" icon="chart" label={t('sidebar.usage')} />
                {session.hasKey.value && <PageLink page="keys" icon="key" label={t('sidebar.keys')} />}
                {session.user.value?.is_admin === true && (
                    <PageLink page="users" icon="users" label={t('sidebar.users')} />
                )}
                {!touch.value && (
                    <button type="button" class="foot-link" onClick={() => (helpOpen.value = true)}>
                        <Icon name="keyboard" />
                        <span>{t('sidebar.shortcuts')}</span>
                    </button>
                )}
                {session.hasKey.value && (
                    <button type="button" class="foot-link" onClick={() => session.signOut()}>
                        <Icon name="sign_out" />
                        <span>{t('sidebar.sign_out')}</span>
                    </button>
                )}
            </nav>
        </div>
    );
}
