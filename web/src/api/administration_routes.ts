// The routes of keys, users and usage.
import type { Answer, Client } from './client';
import type {
    KeyCreate,
    KeyPage,
    ManagedUser,
    ManagedUserInput,
    NewKey,
    UsageReport,
    UserPage,
} from './types';

export class AdministrationRoutes {
    readonly #client: Client;

    constructor(client: Client) {
        this.#client = client;
    }

    ownKeys(): Promise<Answer<KeyPage>> {
        return this.#client.ask('GET', '/users/me/keys');
    }

    createOwnKey(body: KeyCreate, idempotencyKey: string): Promise<Answer<NewKey>> {
        return this.#client.ask('POST', '/users/me/keys', { body, idempotencyKey });
    }

    deleteOwnKey(keyId: string): Promise<Answer<undefined>> {
        return this.#client.ask('DELETE', `/users/me/keys/${encodeURIComponent(keyId)}`);
    }

    usage(from: string, to: string): Promise<Answer<UsageReport>> {
        return this.#client.ask('GET', '/usage', { query: { from, to } });
    }

    users(cursor: string | null): Promise<Answer<UserPage>> {
        return this.#client.ask('GET', '/users', { query: { cursor, limit: 50 } });
    }

    createUser(body: ManagedUserInput, idempotencyKey: string): Promise<Answer<ManagedUser>> {
        return this.#client.ask('POST', '/users', { body, idempotencyKey });
    }

    changeUser(userId: string, body: ManagedUserInput): Promise<Answer<ManagedUser>> {
        return this.#client.ask('PATCH', pathOf(userId), { body });
    }

    deleteUser(userId: string): Promise<Answer<undefined>> {
        return this.#client.ask('DELETE', pathOf(userId));
    }

    keysOf(userId: string): Promise<Answer<KeyPage>> {
        return this.#client.ask('GET', `${pathOf(userId)}/keys`);
    }

    createKeyFor(userId: string, body: KeyCreate, idempotencyKey: string): Promise<Answer<NewKey>> {
        return this.#client.ask('POST', `${pathOf(userId)}/keys`, { body, idempotencyKey });
    }

    deleteKeyOf(userId: string, keyId: string): Promise<Answer<undefined>> {
        return this.#client.ask('DELETE', `${pathOf(userId)}/keys/${encodeURIComponent(keyId)}`);
    }
}

function pathOf(userId: string): string {
    return `/users/${encodeURIComponent(userId)}`;
}
