import { useSignal, type ReadonlySignal } from '@preact/signals';
import { useCallback } from 'preact/hooks';

import type { ManagedUser } from '../../api/types';
import { isFailure, type AppState, type Failure } from '../../state/contract';
import { useWhenReady } from '../dialogs/use_when_ready';

interface UserPages {
    users: ReadonlySignal<ManagedUser[]>;
    hasMore: ReadonlySignal<boolean>;
    loading: ReadonlySignal<boolean>;
    failure: ReadonlySignal<Failure | null>;
    loadMore: () => Promise<void>;
    /** The server's own user: made before anybody could ask, so the oldest one. Null until all are here. */
    localId: string | null;
    /** A user as it is now; a new one stands first, as in the server's list. */
    put: (user: ManagedUser) => void;
    drop: (userId: string) => void;
}

/** The list of users, page after page. */
export function useUserPages({ administration, session }: AppState): UserPages {
    const users = useSignal<ManagedUser[]>([]);
    const cursor = useSignal<string | null>(null);
    const hasMore = useSignal(false);
    const isWhole = useSignal(false);
    const loading = useSignal(false);
    const failure = useSignal<Failure | null>(null);

    const loadMore = useCallback(async () => {
        if (loading.value) return;
        loading.value = true;
        const answer = await administration.users(cursor.value);
        loading.value = false;
        failure.value = isFailure(answer) ? answer : null;
        if (isFailure(answer)) return;
        const known = new Set(users.value.map((user) => user.user_id));
        users.value = [...users.value, ...answer.data.filter((user) => !known.has(user.user_id))];
        cursor.value = answer.next;
        hasMore.value = answer.next !== null;
        isWhole.value = answer.next === null;
    }, [administration, users, cursor, hasMore, isWhole, loading, failure]);

    useWhenReady(session, loadMore);

    return {
        users,
        hasMore,
        loading,
        failure,
        loadMore,
        localId: isWhole.value ? (users.value.at(-1)?.user_id ?? null) : null,
        put: (user) => {
            const known = users.value.some((other) => other.user_id === user.user_id);
            users.value = known
                ? users.value.map((other) => (other.user_id === user.user_id ? user : other))
                : [user, ...users.value];
        },
        drop: (userId) => (users.value = users.value.filter((user) => user.user_id !== userId)),
    };
}
