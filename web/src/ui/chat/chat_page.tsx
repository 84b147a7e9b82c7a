import { useMemo } from 'preact/hooks';

import { failureText, t } from '../../i18n';
import type { Chat } from '../../state/contract';
import { SettingsPanel } from '../app/parts';
import { useAppState } from '../app/state_context';
import { Composer } from '../composer/composer';
import { TopBar } from '../shell/top_bar';
import { numberOf } from '../common/number_of';
import { ChatContext, useChat, viewOf } from './chat_view';
import { MessageList } from './message_list';
import { ReplyAnnouncer } from './reply_announcer';
import { Welcome } from './welcome';

export function ChatPage() {
    const state = useAppState();
    const chat = state.chat.value;
    const view = useMemo(() => viewOf(chat), [chat]);
    const interaction = chat.interaction.value;
    const title = interaction === null ? nameless(chat) : interaction.title || t('sidebar.untitled');
    return (
        <ChatContext.Provider value={view}>
            <TopBar>
                <h1 class="chat-title" dir="auto">
                    {title}
                </h1>
            </TopBar>
            <ChatBody />
            {chat.status.value !== 'absent' && <Composer />}
            <ReplyAnnouncer key={numberOf(chat.messages)} />
            {view.settingsOpen.value && (
                <SettingsPanel chat={chat} state={state} onClose={() => (view.settingsOpen.value = false)} />
            )}
        </ChatContext.Provider>
    );
}

/** What stands above a chat of which nothing is known (yet). */
function nameless(chat: Chat): string {
    if (chat.id === null) return t('sidebar.new_chat');
    return chat.status.value === 'absent' ? t('chat.absent') : '…';
}

function ChatBody() {
    const { chat } = useChat();
    switch (chat.status.value) {
        case 'loading':
            return (
                <div class="chat-state">
                    <p class="muted late" role="status">
                        {t('chat.loading')}
                    </p>
                </div>
            );
        case 'absent':
            return (
                <div class="chat-state" role="alert">
                    <p class="muted">{t('chat.absent_why')}</p>
                    <a class="button" href="#/">
                        {t('sidebar.new_chat')}
                    </a>
                </div>
            );
        case 'failed':
            return (
                <div class="chat-state" role="alert">
                    <h2>{t('chat.failed')}</h2>
                    <p class="muted" dir="auto">
                        {chat.failure.value && failureText(chat.failure.value)}
                    </p>
                    <button type="button" class="button" onClick={() => void chat.reload()}>
                        {t('shell.try_again')}
                    </button>
                </div>
            );
        case 'ready':
            break;
    }
    if (chat.messages.value.length === 0 && chat.live.value === null) return <Welcome />;
    return <MessageList key={numberOf(chat.messages)} />;
}
