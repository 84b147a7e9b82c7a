import { signal } from '@preact/signals';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import type { AppState, Failure } from '../../src/state/contract';
import { StateContext } from '../../src/ui/app/state_context';
import { ListEnd } from '../../src/ui/sidebar/list_end';
import { aFailure, fakeSession } from './fake_state';
import { settled, show } from './shown';

/** The end of the list is always in sight. */
class InSight {
    constructor(private readonly told: IntersectionObserverCallback) {}
    observe(): void {
        this.told([{ isIntersecting: true } as IntersectionObserverEntry], this as never);
    }
    disconnect(): void {
        // Nothing is watched.
    }
}

beforeEach(() => void vi.stubGlobal('IntersectionObserver', InSight));

async function open(status: 'ready' | 'needs_key') {
    const session = fakeSession();
    session.status.value = status;
    const failure = signal<Failure | null>(null);
    const loading = signal(false);
    const loadMore = vi.fn(() => {
        loading.value = true;
        failure.value = aFailure({ code: 'missing_api_key' });
        loading.value = false;
        return Promise.resolve();
    });
    const interactions = {
        failure,
        loading,
        loadMore,
        hasMore: signal(true),
        visible: signal([]),
        filter: signal(''),
        archived: signal(false),
    };
    const state = { interactions, session } as unknown as AppState;
    await show(
        <StateContext.Provider value={state}>
            <ListEnd />
        </StateContext.Provider>,
    );
    await settled();
    return loadMore;
}

describe('the end of the list', () => {
    it('asks for more when it is in sight, and after a failure not by itself', async () => {
        expect(await open('ready')).toHaveBeenCalledTimes(1);
    });

    it('asks for nothing while a key is asked for', async () => {
        expect(await open('needs_key')).not.toHaveBeenCalled();
    });
});
