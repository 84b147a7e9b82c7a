import { useEffect } from 'preact/hooks';

import type { Session } from '../../state/contract';

/** Loads when the server can be asked: also again, after a key was asked for. `load` must stay the same between. */
export function useWhenReady(session: Session, load: () => Promise<void>): void {
    const ready = session.status.value === 'ready';
    useEffect(() => {
        if (ready) void load();
    }, [ready, load]);
}
