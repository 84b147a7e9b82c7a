// The stretch of one branch that is shown, and what events and pages make of it. Nothing here asks or waits.
import type { Message, MessagePage } from '../api/types';

export interface Branch {
    /** Its id: that of the messages at its end. */
    id: string;
    /** Oldest first, each the parent of the next. */
    messages: readonly Message[];
    /** Leads to what stands before; null at the beginning. */
    older: string | null;
}

export const noBranch: Branch = { id: '', messages: [], older: null };

export function isOver(message: Message): boolean {
    return message.status !== 'queued' && message.status !== 'in_progress';
}

/** The reply that is written, or the first that waits. */
export function unfinished(branch: Branch): Message | null {
    return branch.messages.find((message) => !isOver(message)) ?? null;
}

/** After a read of the newest page: what was loaded before it stays, where the two meet. */
export function read(before: Branch, page: MessagePage, id: string): Branch {
    const first = page.data[0];
    const at =
        first === undefined ? -1 : before.messages.findIndex((each) => each.message_id === first.message_id);
    const kept = at < 0 ? [] : before.messages.slice(0, at);
    if (at < 0 || !kept.every(isOver)) return { id, messages: page.data, older: page.prev_cursor };
    return { id, messages: [...kept, ...page.data], older: before.older };
}

export function withOlder(branch: Branch, page: MessagePage): Branch {
    const last = page.data.at(-1);
    const first = branch.messages[0];
    // A page that does not end where the stretch begins was asked for another one.
    if (last !== undefined && last.message_id !== first?.parent_id) return branch;
    return { ...branch, messages: [...page.data, ...branch.messages], older: page.prev_cursor };
}

/**
 * What a message that was told makes of the branch. `elsewhere`: it has become active behind what is loaded, so that
 * the branch has to be read again. An old message that does not stand here belongs to another branch: nothing changes.
 */
export function place(branch: Branch, told: Message): Branch | 'elsewhere' {
    const at = lastIndex(branch, told.message_id);
    if (at >= 0) {
        const known = branch.messages[at];
        // No message goes back from its end.
        if (known === undefined || (isOver(known) && !isOver(told))) return branch;
        const messages = branch.messages.slice();
        messages[at] = told;
        return { ...branch, messages };
    }
    const last = branch.messages.at(-1);
    if (last !== undefined && told.seq < last.seq) return branch;
    if (told.parent_id === null) {
        return branch.older === null ? { id: told.branch_id, messages: [told], older: null } : 'elsewhere';
    }
    const parent = lastIndex(branch, told.parent_id);
    if (parent < 0) return 'elsewhere';
    return { ...branch, id: told.branch_id, messages: [...branch.messages.slice(0, parent + 1), told] };
}

/** Up to and with that message; null: nothing. One that is not there cuts nothing. */
export function upTo(messages: readonly Message[], messageId: string | null): readonly Message[] {
    if (messageId === null) return [];
    const at = messages.findIndex((message) => message.message_id === messageId);
    return at < 0 ? messages : messages.slice(0, at + 1);
}

/** Events are mostly about the end. */
function lastIndex(branch: Branch, messageId: string): number {
    for (let at = branch.messages.length - 1; at >= 0; at -= 1) {
        if (branch.messages[at]?.message_id === messageId) return at;
    }
    return -1;
}
