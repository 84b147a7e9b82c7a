// The events of a turn's stream, read.
import type { ServerEvent } from '../api/event_stream';
import type { Delta, Message, ReasoningDelta, Turn } from '../api/types';

export type TurnEvent =
    | { kind: 'created'; turn: Turn }
    | { kind: 'delta'; text: string }
    | { kind: 'reasoning'; text: string; end: number }
    | { kind: 'ended'; reply: Message };

/** Null: an event that this page does not know, from a newer server. Throws when the data is no JSON. */
export function readTurnEvent(event: ServerEvent): TurnEvent | null {
    switch (event.name) {
        case 'message.created':
            return { kind: 'created', turn: JSON.parse(event.data) as Turn };
        case 'message.delta':
            return { kind: 'delta', text: (JSON.parse(event.data) as Delta).delta };
        case 'message.reasoning': {
            const { delta, end } = JSON.parse(event.data) as ReasoningDelta;
            return { kind: 'reasoning', text: delta, end };
        }
        case 'message.completed':
        case 'message.stopped':
        case 'message.interrupted':
        case 'message.failed':
            return { kind: 'ended', reply: JSON.parse(event.data) as Message };
        default:
            return null;
    }
}
