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
    const editing = chat.editing.value;

    useLayoutEffect(() => {
        if (editing !== null) focusPlace(composerId);
    }, [chat, editing]);

    return {
        editing,
        text: editing === null ? chat.draft.value : chat.edited.value,
        write: (text) => {
            if (editing === null) chat.draft.value = text;
            else chat.edited.value = text;
        },
        cancel: () => {
            chat.endEdit();
            focusPlace(composerId);
        },
        editLast: () => {
            const last = lastWhere(
                chat.messages.peek(),
                ({ message, sending }) => sending === null && isEditable(message),
            );
            if (last) chat.beginEdit(last.message.message_id, textOf(last.message));
            return last !== undefined;
        },
    };
}
