import type { AppState } from '../../state/contract';
import { ChatPage } from '../chat/chat_page';
import { helpOpen } from '../shell/frame';
import { Shell } from '../shell/shell';
import { useShortcuts } from '../shell/use_shortcuts';
import { KeysPage, PreferencesPage, ShortcutsHelp, SignIn, UsagePage, UsersPage } from './parts';
import { SidePage } from './side_page';
import { StateContext, useAppState } from './state_context';
import { useTitle } from './use_title';

export function App({ state }: { state: AppState }) {
    useShortcuts(state);
    useTitle(state);
    return (
        <StateContext.Provider value={state}>
            <Shell>
                <Page />
            </Shell>
            {helpOpen.value && <ShortcutsHelp onClose={() => (helpOpen.value = false)} />}
            {state.session.status.value === 'needs_key' && <SignIn state={state} />}
        </StateContext.Provider>
    );
}

/** What the address names. */
function Page() {
    const state = useAppState();
    const page = state.route.value.page;
    switch (page) {
        case 'settings':
            return <SidePage page={page} Content={PreferencesPage} />;
        case 'usage':
            return <SidePage page={page} Content={UsagePage} />;
        case 'keys':
            return <SidePage page={page} Content={KeysPage} />;
        case 'users':
            return <SidePage page={page} Content={UsersPage} />;
        default:
            return <ChatPage />;
    }
}
