// The list's groups: what is pinned, then each day on which something was said.
import type { Interaction } from '../../api/types';

export interface ChatGroup {
    /** `pinned`, or the day. */
    key: string;
    /** Its first moment; null for what is pinned. */
    day: Date | null;
    chats: Interaction[];
}

function dayOf(instant: Date): Date {
    return new Date(instant.getFullYear(), instant.getMonth(), instant.getDate());
}

/** The list comes in the order in which it is shown. */
export function groupByDay(chats: readonly Interaction[]): ChatGroup[] {
    const groups: ChatGroup[] = [];
    for (const chat of chats) {
        const day = chat.pinned ? null : dayOf(new Date(chat.last_message_at));
        const key = day ? `${day.getFullYear()}-${day.getMonth() + 1}-${day.getDate()}` : 'pinned';
        const last = groups.at(-1);
        if (last?.key === key) last.chats.push(chat);
        else groups.push({ key, day, chats: [chat] });
    }
    return groups;
}

/** How many midnights lie between; the length of a day with a change of the clock does not matter. */
export function daysBefore(day: Date, today: number): number {
    return Math.round((today - day.getTime()) / 86_400_000);
}
