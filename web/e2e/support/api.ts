// The API beside the page: what a test prepares, and where it looks whether what the page shows is true.
import type {
    Interaction,
    Key,
    ManagedUser,
    Message,
    NewKey,
    SettingsInput,
    Turn,
} from '../../src/api/types';

interface Page<T> {
    data: T[];
    has_more: boolean;
    next_cursor: string | null;
}

export class Api {
    constructor(
        private readonly base: string,
        private readonly key: string | null = null,
    ) {}

    as(key: string): Api {
        return new Api(this.base, key);
    }

    /** Wants a 2xx. */
    async ask<T>(method: string, path: string, body?: object): Promise<T> {
        const got = await this.raw(method, path, body);
        if (!got.ok) throw new Error(`${method} ${path}: ${got.status} ${await got.text()}`);
        return (got.status === 204 ? null : await got.json()) as T;
    }

    raw(method: string, path: string, body?: object): Promise<Response> {
        return fetch(`${this.base}/api/v1${path}`, {
            method,
            headers: {
                ...(body ? { 'Content-Type': 'application/json' } : {}),
                ...(this.key ? { Authorization: `Bearer ${this.key}` } : {}),
            },
            body: body ? JSON.stringify(body) : null,
        });
    }

    newChat(
        title = '',
        more: { settings?: SettingsInput; pinned?: boolean; archived?: boolean } = {},
    ): Promise<Interaction> {
        return this.ask('POST', '/interactions', { title, ...more });
    }

    chat(id: string): Promise<Interaction> {
        return this.ask('GET', `/interactions/${id}`);
    }

    change(id: string, what: object): Promise<Interaction> {
        return this.ask('PATCH', `/interactions/${id}`, what);
    }

    remove(id: string): Promise<null> {
        return this.ask('DELETE', `/interactions/${id}`);
    }

    /** All of them, newest first. */
    chats(): Promise<Interaction[]> {
        return this.all('/interactions');
    }

    /** A whole turn. */
    say(id: string, content: string): Promise<Turn> {
        return this.ask('POST', `/interactions/${id}/messages`, { content });
    }

    /** A turn whose reply is written while the test goes on. */
    begin(id: string, content: string): Promise<Turn> {
        return this.ask('POST', `/interactions/${id}/messages`, { content, background: true });
    }

    /** A message without a reply. */
    note(id: string, content: string): Promise<Turn> {
        return this.ask('POST', `/interactions/${id}/messages`, { content, respond: false });
    }

    /** Oldest first. */
    messages(id: string, branch = 'active'): Promise<Message[]> {
        return this.all(`/interactions/${id}/messages`, { order: 'asc', branch });
    }

    /** What the messages of a chat say, oldest first. */
    async texts(id: string, branch = 'active'): Promise<string[]> {
        return (await this.messages(id, branch)).map((one) => textOf(one));
    }

    makeUser(name: string): Promise<ManagedUser> {
        return this.ask('POST', '/users', { name });
    }

    keyFor(user: string, more: object = {}): Promise<NewKey> {
        return this.ask('POST', `/users/${user}/keys`, { name: 'of a test', ...more });
    }

    deleteKeyOf(user: string, key: string): Promise<null> {
        return this.ask('DELETE', `/users/${user}/keys/${key}`);
    }

    async ownKeys(): Promise<Key[]> {
        return (await this.ask<Page<Key>>('GET', '/users/me/keys')).data;
    }

    async all<T>(path: string, query: Record<string, string> = {}): Promise<T[]> {
        const found: T[] = [];
        let cursor: string | null = null;
        do {
            const asked = new URLSearchParams({ ...query, limit: '100', ...(cursor ? { cursor } : {}) });
            const page: Page<T> = await this.ask('GET', `${path}?${asked.toString()}`);
            found.push(...page.data);
            cursor = page.next_cursor;
        } while (cursor);
        return found;
    }
}

export function textOf(message: Message): string {
    if (typeof message.content === 'string') return message.content;
    return message.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}
