import { useRef } from 'preact/hooks';

import { failureText, t } from '../../i18n';
import { useAppState } from '../app/state_context';
import { useMore } from './use_more';

/** What stands behind the last chat: that more are coming, that they do not, or that there are none. */
export function ListEnd() {
    const { interactions, session } = useAppState();
    const end = useRef<HTMLDivElement>(null);
    const asksForKey = session.status.value === 'needs_key';
    const failure = asksForKey ? null : interactions.failure.value;
    const loading = interactions.loading.value;
    const count = interactions.visible.value.length;
    // After each page it is asked anew whether the end is still in sight.
    useMore(
        end,
        interactions.hasMore.value && !loading && failure === null && !asksForKey,
        () => void interactions.loadMore(),
    );

    return (
        <div ref={end} class="list-end">
            {failure !== null ? (
                <div role="alert">
                    <p>{t('sidebar.failed', { detail: failureText(failure) })}</p>
                    <button type="button" class="button" onClick={() => void interactions.loadMore()}>
                        {t('shell.try_again')}
                    </button>
                </div>
            ) : loading ? (
                <p class="muted" role="status">
                    {t('sidebar.loading')}
                </p>
            ) : count === 0 && !interactions.hasMore.value ? (
                <p class="muted">
                    {emptiness(interactions.filter.value.trim(), interactions.archived.value)}
                </p>
            ) : null}
        </div>
    );
}

function emptiness(filter: string, archived: boolean): string {
    if (filter !== '') return t('sidebar.empty_filter', { filter });
    return archived ? t('sidebar.empty_archived') : t('sidebar.empty');
}
