import { useCallback, useRef } from 'preact/hooks';

import { t } from '../../i18n';
import { Icon } from '../common/icons';
import { useChat } from './chat_view';
import { estimateHeight } from './estimate';
import { MessageRow } from './message_row';
import { ListRow, ListSpace } from './list_row';
import { PendingReply } from './pending_reply';
import { scrollByKey } from './scroll_keys';
import { useOlder, useOwnMessage } from './use_message_flow';
import { useStickToEnd } from './use_stick_to_end';
import { useVirtualList } from './use_virtual_list';

const farFromEnd = 160; // px after which a button leads back

export function MessageList() {
    const { chat, liveId, busy } = useChat();
    const scroller = useRef<HTMLDivElement>(null);
    const messages = chat.messages.value;
    // Of a reply that was asked for and that the server has not told of yet.
    const pending = busy.value && !messages.some((shown) => shown.message.message_id === liveId.value);

    const keyOf = useCallback((index: number) => messages[index]?.key ?? 'pending', [messages]);
    const estimate = useCallback(
        (index: number) => {
            const shown = messages[index];
            return shown ? estimateHeight(shown, scroller.current?.clientWidth ?? 736) : 60;
        },
        [messages],
    );
    const list = useVirtualList({ scroller, count: messages.length + (pending ? 1 : 0), keyOf, estimate });

    useStickToEnd(scroller);
    useOlder(scroller, chat);
    useOwnMessage(messages, list);
    const far = list.getDistanceFromEnd() > farFromEnd;

    return (
        <div class="message-area">
            {chat.loadingOlder.value && (
                <p class="older" role="status">
                    <span class="spinner" /> {t('chat.loading_older')}
                </p>
            )}
            {/* What scrolls has to be reachable by keys, and takes those that scroll. */}
            {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
            <div
                ref={scroller}
                class="messages"
                role="region"
                aria-label={t('chat.messages')}
                // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
                tabIndex={0}
                onKeyDown={(event) => {
                    if (scrollByKey(event, list)) event.preventDefault();
                }}
            >
                <ListSpace height={list.getTotalSize()}>
                    {list.getVirtualItems().map((item) => {
                        const shown = messages[item.index];
                        return (
                            <ListRow key={item.key} list={list} index={item.index} top={item.start}>
                                {shown ? (
                                    <MessageRow
                                        shown={shown}
                                        place={item.index + 1}
                                        of={chat.hasOlder.value ? -1 : messages.length}
                                        last={item.index === messages.length - 1}
                                    />
                                ) : (
                                    <PendingReply />
                                )}
                            </ListRow>
                        );
                    })}
                </ListSpace>
            </div>
            {far && (
                <button
                    type="button"
                    class="button to-latest"
                    onClick={() => {
                        list.scrollToEnd();
                        scroller.current?.focus({ preventScroll: true }); // the button goes
                    }}
                >
                    <Icon name="down" />
                    {t('chat.to_latest')}
                </button>
            )}
        </div>
    );
}
