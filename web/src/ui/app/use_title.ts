import { useSignalEffect } from '@preact/signals';

import { t } from '../../i18n';
import type { AppState } from '../../state/contract';

/** The window's title says where one is. */
export function useTitle(state: AppState): void {
    useSignalEffect(() => {
        document.title = `${titleOf(state)} – Parley`;
    });
}

function titleOf(state: AppState): string {
    const page = state.route.value.page;
    if (page === 'new') return t('sidebar.new_chat');
    if (page === 'chat') return state.chat.value.interaction.value?.title || t('sidebar.untitled');
    return t(`sidebar.${page}`);
}
