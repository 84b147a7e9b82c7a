// How far a list has been read.
import type { Interaction } from '../api/types';

export interface Reached {
    cursor: string | null;
    hasMore: boolean;
    /** The time of the last one that was read; what is older stands on pages to come. Null: nothing does. */
    oldest: string | null;
}

export const beginning: Reached = { cursor: null, hasMore: true, oldest: '9999' };

/** One that stands on a page to come is not shown before: there would be a gap in front of it. */
export function isListed(interaction: Interaction, reached: Reached): boolean {
    return interaction.pinned || reached.oldest === null || interaction.last_message_at >= reached.oldest;
}
