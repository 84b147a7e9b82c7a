// A message on its way, as the browser keeps it until the server has acknowledged it.
import type { NewInteraction } from '../api/routes';
import type { Message } from '../api/types';
import type { Failure } from './contract';
import { isRecord } from './storage';

export interface Unsent {
    /** Its Idempotency-Key. */
    key: string;
    /** Whose it is; null: of whoever was there before the server had told. */
    owner: string | null;
    /** Null: its interaction has to be made first. */
    interactionId: string | null;
    creation: { key: string; body: NewInteraction } | null;
    text: string;
    /** Where it goes; `undefined`: at the end of the active branch. */
    parentId: string | null | undefined;
    /** The message in whose place it is sent. */
    edited: string | null;
    at: number;
    /** Why it was refused, where sending the same again would change nothing: it waits for its person. */
    refused?: Failure;
}

/** The server forgets keys after 24 hours; what is older might be said twice. */
export const keyHolds = 23 * 60 * 60 * 1000;

/** The name in a message's metadata under which its key stands, so that it is known again wherever it is read. */
export const sentAs = 'sent_as';

export function keyOf(message: Message): string | null {
    return message.role === 'user' ? (message.metadata[sentAs] ?? null) : null;
}

/** What is sent one after the other: the messages of one interaction. */
export function laneOf(unsent: Unsent): string {
    return unsent.interactionId ?? unsent.creation?.key ?? unsent.key;
}

export function isUnsent(value: unknown): value is Unsent {
    if (!isRecord(value)) return false;
    const { key, owner, interactionId, creation, text, parentId, edited, at, refused } = value;
    const isTextOrNull = (one: unknown) => one === null || typeof one === 'string';
    return (
        typeof key === 'string' &&
        isTextOrNull(owner) &&
        isTextOrNull(interactionId) &&
        (creation === null ||
            (isRecord(creation) && typeof creation['key'] === 'string' && isRecord(creation['body']))) &&
        (interactionId !== null || creation !== null) &&
        typeof text === 'string' &&
        (parentId === undefined || isTextOrNull(parentId)) &&
        isTextOrNull(edited) &&
        typeof at === 'number' &&
        (refused === undefined || (isRecord(refused) && typeof refused['detail'] === 'string'))
    );
}

/** As the chat shows it until there is a real one. */
export function provisional(unsent: Unsent): Message {
    return {
        interaction_id: unsent.interactionId ?? '',
        message_id: `unsent-${unsent.key}`,
        parent_id: unsent.parentId ?? null,
        branch_id: '',
        seq: Number.MAX_SAFE_INTEGER,
        sibling: { index: 0, count: 1 },
        created_at: new Date(unsent.at).toISOString(),
        role: 'user',
        content: unsent.text,
        transformed_content: null,
        metadata: { [sentAs]: unsent.key },
        status: 'complete',
        tool_calls: [],
        tool_call_id: null,
        reasoning: null,
        model_name: null,
        finish_reason: null,
        usage: null,
        timings: null,
        attempts: [],
        error: null,
    };
}
