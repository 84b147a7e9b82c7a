// The server's routes as functions.
import type { Answer, Client } from './client';
import type {
    Interaction,
    InteractionCreate,
    InteractionPage,
    InteractionPatch,
    InteractionWithMessages,
    Message,
    MessageCreate,
    MessagePage,
    ModelList,
    Regenerate,
    User,
    UserPatch,
} from './types';

export interface InteractionsAsked {
    archived: boolean;
    pinned: boolean;
    limit: number;
    cursor: string | null;
}

/** What has a default may be left out. */
export type NewInteraction = Partial<InteractionCreate>;
export type NewMessage = Partial<MessageCreate> & Pick<MessageCreate, 'content'>;

export class Routes {
    readonly #client: Client;

    constructor(client: Client) {
        this.#client = client;
    }

    me(tryKey?: string): Promise<Answer<User>> {
        return this.#client.ask('GET', '/users/me', tryKey === undefined ? {} : { tryKey });
    }

    changeMe(change: UserPatch): Promise<Answer<User>> {
        return this.#client.ask('PATCH', '/users/me', { body: change });
    }

    models(): Promise<Answer<ModelList>> {
        return this.#client.ask('GET', '/models');
    }

    interactions(asked: InteractionsAsked): Promise<Answer<InteractionPage>> {
        return this.#client.ask('GET', '/interactions', { query: { ...asked } });
    }

    createInteraction(body: NewInteraction, idempotencyKey: string): Promise<Answer<Interaction>> {
        return this.#client.ask('POST', '/interactions', { body, idempotencyKey });
    }

    interaction(id: string): Promise<Answer<Interaction>> {
        return this.#client.ask('GET', pathOf(id));
    }

    /** With the newest messages of its active branch, oldest first. */
    interactionWithMessages(id: string): Promise<Answer<InteractionWithMessages>> {
        return this.#client.ask('GET', pathOf(id), { query: { include: 'message_list' } });
    }

    changeInteraction(id: string, change: InteractionPatch): Promise<Answer<Interaction>> {
        return this.#client.ask('PATCH', pathOf(id), { body: change });
    }

    /** `leaving`: it has to be done although the page goes. */
    deleteInteraction(id: string, leaving: boolean): Promise<Answer<undefined>> {
        return this.#client.ask('DELETE', pathOf(id), { keepalive: leaving });
    }

    /** What a cursor leads to. */
    messages(id: string, cursor: string, limit: number): Promise<Answer<MessagePage>> {
        return this.#client.ask('GET', `${pathOf(id)}/messages`, { query: { cursor, limit } });
    }

    message(id: string, messageId: string): Promise<Answer<Message>> {
        return this.#client.ask('GET', pathOf(id, messageId));
    }

    sibling(id: string, messageId: string, index: number): Promise<Answer<Message>> {
        return this.#client.ask('GET', `${pathOf(id, messageId)}/siblings/${index}`);
    }

    stop(id: string, messageId: string): Promise<Answer<Message>> {
        return this.#client.ask('POST', `${pathOf(id, messageId)}/stop`);
    }

    /** The events of the turn that the message begins. */
    send(
        id: string,
        body: NewMessage,
        idempotencyKey: string,
        signal: AbortSignal,
    ): Promise<Answer<Response>> {
        return this.#client.open('POST', `${pathOf(id)}/messages`, { body, idempotencyKey, signal });
    }

    regenerate(
        id: string,
        messageId: string,
        body: Partial<Regenerate>,
        idempotencyKey: string,
        signal: AbortSignal,
    ): Promise<Answer<Response>> {
        return this.#client.open('POST', `${pathOf(id, messageId)}/regenerate`, {
            body,
            idempotencyKey,
            signal,
        });
    }

    replyEvents(
        id: string,
        messageId: string,
        lastEventId: string | null,
        signal: AbortSignal,
    ): Promise<Answer<Response>> {
        return this.#client.open('GET', `${pathOf(id, messageId)}/events`, { lastEventId, signal });
    }

    userEvents(lastEventId: string | null, signal: AbortSignal): Promise<Answer<Response>> {
        return this.#client.open('GET', '/events', { lastEventId, signal });
    }
}

function pathOf(interactionId: string, messageId?: string): string {
    const path = `/interactions/${encodeURIComponent(interactionId)}`;
    return messageId === undefined ? path : `${path}/messages/${encodeURIComponent(messageId)}`;
}
