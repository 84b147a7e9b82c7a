// The events of the user's stream, read.
import type { ServerEvent } from '../api/event_stream';
import type { DeletedInteraction, Interaction, LoadingReply, Message, WaitingReply } from '../api/types';

export type UserEvent =
    | { kind: 'reset' }
    | { kind: 'interaction'; interaction: Interaction }
    | { kind: 'deleted'; interactionId: string }
    | MessageNews;

export type MessageNews =
    | { kind: 'message' | 'begun' | 'ended'; message: Message }
    | { kind: 'waiting'; message: Message; ahead: number }
    | { kind: 'loading'; message: Message; modelName: string; loaded: number };

/** Null: of a newer server, unknown here. */
export function readUserEvent({ name, data }: ServerEvent): UserEvent | null {
    switch (name) {
        case 'reset':
            return { kind: 'reset' };
        case 'interaction.created':
        case 'interaction.changed':
        case 'interaction.titled':
            return { kind: 'interaction', interaction: JSON.parse(data) as Interaction };
        case 'interaction.deleted':
            return {
                kind: 'deleted',
                interactionId: (JSON.parse(data) as DeletedInteraction).interaction_id,
            };
        case 'message.created':
            return { kind: 'message', message: JSON.parse(data) as Message };
        case 'reply.begun':
            return { kind: 'begun', message: JSON.parse(data) as Message };
        case 'reply.ended':
            return { kind: 'ended', message: JSON.parse(data) as Message };
        case 'reply.waiting': {
            const { reply, ahead } = JSON.parse(data) as WaitingReply;
            return { kind: 'waiting', message: reply, ahead };
        }
        case 'reply.loading': {
            const { reply, model_name, loaded } = JSON.parse(data) as LoadingReply;
            return { kind: 'loading', message: reply, modelName: model_name, loaded };
        }
        default:
            return null;
    }
}
