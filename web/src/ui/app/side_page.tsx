import type { ComponentType } from 'preact';

import { t } from '../../i18n';
import type { AppState, Route } from '../../state/contract';
import { TopBar } from '../shell/top_bar';
import { useAppState } from './state_context';

interface SidePageProps {
    page: Exclude<Route['page'], 'new' | 'chat'>;
    Content: ComponentType<{ state: AppState }>;
}

/** A page that is no chat; the chat that was open is one step away. */
export function SidePage({ page, Content }: SidePageProps) {
    const state = useAppState();
    const id = state.chat.value.id;
    return (
        <>
            <TopBar>
                <a class="button button-quiet" href={id === null ? '#/' : `#/c/${id}`}>
                    {t('shell.back_to_chat')}
                </a>
            </TopBar>
            <div class="side-page" data-page={page}>
                <Content state={state} />
            </div>
        </>
    );
}
