// Keys, users and usage: asked when a dialog wants them, and not kept.
import type { Answer } from '../api/client';
import type { Environment } from '../api/environment';
import type { AdministrationRoutes } from '../api/administration_routes';
import type { Key, KeyCreate, ManagedUser, ManagedUserInput, NewKey, UsageReport } from '../api/types';
import type { Administration, Failure } from './contract';

export class AskedAdministration implements Administration {
    readonly #routes: AdministrationRoutes;
    readonly #newKey: Environment['newKey'];

    constructor(environment: Pick<Environment, 'newKey'>, routes: AdministrationRoutes) {
        this.#routes = routes;
        this.#newKey = environment.newKey;
    }

    async ownKeys(): Promise<Key[] | Failure> {
        const answer = await this.#routes.ownKeys();
        return answer.ok ? answer.value.data : answer.failure;
    }

    async makeOwnKey(asked: KeyCreate): Promise<NewKey | Failure> {
        return valueOf(await this.#routes.createOwnKey(asked, this.#newKey()));
    }

    async deleteOwnKey(keyId: string): Promise<Failure | null> {
        return failureOf(await this.#routes.deleteOwnKey(keyId));
    }

    async usage(from: string, to: string): Promise<UsageReport | Failure> {
        return valueOf(await this.#routes.usage(from, to));
    }

    async users(cursor: string | null): Promise<{ data: ManagedUser[]; next: string | null } | Failure> {
        const answer = await this.#routes.users(cursor);
        return answer.ok ? { data: answer.value.data, next: answer.value.next_cursor } : answer.failure;
    }

    async makeUser(asked: ManagedUserInput): Promise<ManagedUser | Failure> {
        return valueOf(await this.#routes.createUser(asked, this.#newKey()));
    }

    async changeUser(userId: string, change: ManagedUserInput): Promise<ManagedUser | Failure> {
        return valueOf(await this.#routes.changeUser(userId, change));
    }

    async deleteUser(userId: string): Promise<Failure | null> {
        return failureOf(await this.#routes.deleteUser(userId));
    }

    async keysOf(userId: string): Promise<Key[] | Failure> {
        const answer = await this.#routes.keysOf(userId);
        return answer.ok ? answer.value.data : answer.failure;
    }

    async makeKeyFor(userId: string, asked: KeyCreate): Promise<NewKey | Failure> {
        return valueOf(await this.#routes.createKeyFor(userId, asked, this.#newKey()));
    }

    async deleteKeyOf(userId: string, keyId: string): Promise<Failure | null> {
        return failureOf(await this.#routes.deleteKeyOf(userId, keyId));
    }
}

function valueOf<T>(answer: Answer<T>): T | Failure {
    return answer.ok ? answer.value : answer.failure;
}

function failureOf(answer: Answer<undefined>): Failure | null {
    return answer.ok ? null : answer.failure;
}
