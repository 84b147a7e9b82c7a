import { useSignal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';

import type { Chat } from '../../state/contract';
import { isEditable, textOf } from '../chat/content';
import { lastWhere } from '../common/last_where';
import { composerId, focusPlace } from '../shell/places';

interface Editing {
    /** The message that is edited. */
    editing: string | null;
    /** What stands in the field: the draft, or the text of that message. */
    text: string;
    write: (text: string) => void;
    cancel: () => void;
    /** Begins with the last one that can be edited; false: there is none. */
    editLast: () => boolean;
}

/** The draft waits while an older message is edited in its place. */
export function useEditing(chat: Chat): Editing {
    const edited = useSignal('');
    const editing = chat.editing.value;

    useLayoutEffect(() => {
        if (editing === null) return;
        const found = chat.messages.peek().find((shown) => shown.message.message_id === editing);
        edited.value = found ? textOf(found.message) : '';
        focusPlace(composerId);
    }, [chat, editing, edited]);

    return {
        editing,
        text: editing === null ? chat.draft.value : edited.value,
        write: (text) => {
            if (editing === null) chat.draft.value = text;
            else edited.value = text;
        },
        cancel: () => {
            chat.editing.value = null;
            focusPlace(composerId);
        },
        editLast: () => {
            const last = lastWhere(
                chat.messages.peek(),
                ({ message, sending }) => sending === null && isEditable(message),
            );
            if (last) chat.editing.value = last.message.message_id;
            return last !== undefined;
        },
    };
}
