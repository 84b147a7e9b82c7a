import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import { t } from '../../i18n';
import { useAppState } from '../app/state_context';

const patience = 2000; // ms; connecting that is quicker is nobody's concern

/** That the page is not in step with the server, when that lasts. */
export function ConnectionNote() {
    const { session, connection } = useAppState();
    const status = session.status.value;
    const connected = connection.value;
    const lasting = useSignal(false);

    useEffect(() => {
        if (connected !== 'connecting') return;
        const timer = setTimeout(() => (lasting.value = true), patience);
        return () => {
            clearTimeout(timer);
            lasting.value = false;
        };
    }, [connected, lasting]);

    return (
        <p class="connection" role="status" data-state={connected}>
            {status === 'unreachable' && t('shell.unreachable')}
            {status === 'ready' && connected === 'lost' && t('sidebar.lost')}
            {status === 'ready' && connected === 'connecting' && lasting.value && t('sidebar.connecting')}
        </p>
    );
}
