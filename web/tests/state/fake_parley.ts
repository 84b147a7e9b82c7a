// As much of the server's contract as the page's state needs: stored in memory, replies written by the test.
import type { Interaction, Message, Settings, Turn } from '../../src/api/types';
import { json, problem, settings, textOf, untold } from './fake_answers';
import { ByteStream, eventText, FakeStreams } from './fake_streams';

export interface Seen {
    method: string;
    path: string;
    query: URLSearchParams;
    headers: Record<string, string>;
    body: Record<string, unknown>;
}

/** `lost`: nothing of it arrives at the server. `answer lost`: it is done, but the answer does not arrive. */
export type Mishap = 'lost' | 'answer lost' | Response | null;

export class FakeParley {
    readonly seen: Seen[] = [];
    readonly streams = new FakeStreams();
    /** The key that is wanted; null: none. */
    key: string | null = null;
    userId = 'user-1';
    /** What comes later lets the request wait. */
    mishap: (seen: Seen) => Mishap | Promise<Mishap> = () => null;
    pageSize = 20;

    readonly interactions = new Map<string, Interaction>();
    readonly messages = new Map<string, Message>();
    readonly #made = new Map<string, unknown>(); // what came of requests with a key
    #count = 0;
    #time = 0;

    // ---- what the test does ----

    interaction(title = '', change: Partial<Interaction> = {}): Interaction {
        const now = this.#now();
        const made: Interaction = {
            interaction_id: this.#id('i'),
            user_id: this.userId,
            title,
            created_at: now,
            updated_at: now,
            last_message_at: now,
            settings,
            metadata: {},
            pinned: false,
            archived: false,
            expires_at: null,
            message_count: 0,
            active_branch: this.#id('b'),
            version: 1,
            ...change,
        };
        this.interactions.set(made.interaction_id, made);
        this.#tell('interaction.created', made);
        return made;
    }

    change(id: string, change: Partial<Interaction>): Interaction {
        const changed = { ...this.#interaction(id), ...change };
        changed.version += 1;
        this.interactions.set(id, changed);
        this.#tell('interaction.changed', changed);
        return changed;
    }

    delete(id: string): void {
        this.interactions.delete(id);
        this.#tell('interaction.deleted', { interaction_id: id });
    }

    /** A turn whose reply is being written. */
    begin(id: string, text: string, parent?: string | null, metadata: Record<string, string> = {}): Turn {
        const user_message = this.ask(id, text, parent, metadata);
        return { user_message, reply: this.beginReply(user_message) };
    }

    /** The first half of that. */
    ask(id: string, text: string, parent?: string | null, metadata: Record<string, string> = {}): Message {
        const behind = parent === undefined ? (this.branch(id).at(-1)?.message_id ?? null) : parent;
        const message = this.#message(this.#interaction(id), {
            role: 'user',
            content: text,
            parent_id: behind,
            metadata,
        });
        this.#tell('message.created', message);
        return message;
    }

    beginReply(to: Message): Message {
        const change = {
            role: 'assistant',
            content: '',
            parent_id: to.message_id,
            status: 'in_progress',
        } as const;
        const reply = this.#message(this.#interaction(to.interaction_id), change);
        this.#tell('reply.begun', reply);
        return reply;
    }

    write(replyId: string, text: string): void {
        const reply = this.message(replyId);
        const content = textOf(reply) + text;
        this.messages.set(replyId, { ...reply, content });
        this.streams.delta(replyId, text, new TextEncoder().encode(content).length);
    }

    end(replyId: string, status: Message['status'] = 'complete'): Message {
        const reply = { ...this.message(replyId), status };
        this.messages.set(replyId, reply);
        const name = status === 'complete' ? 'completed' : status;
        this.streams.end(replyId, eventText('end', `message.${name}`, this.#shown(reply)));
        this.#tell('reply.ended', reply);
        return reply;
    }

    turn(id: string, text: string, answer: string): Turn {
        const { user_message, reply } = this.begin(id, text);
        if (reply === null) throw new Error('no reply');
        this.write(reply.message_id, answer);
        return { user_message, reply: this.end(reply.message_id) };
    }

    tell(name: string, data: unknown): void {
        this.#tell(name, data);
    }

    branch(id: string): Message[] {
        return this.#walk(this.#interaction(id).active_branch);
    }

    message(id: string): Message {
        const message = this.messages.get(id);
        if (message === undefined) throw new Error(`no message ${id}`);
        return message;
    }

    requests(method: string, path: RegExp): Seen[] {
        return this.seen.filter((seen) => seen.method === method && path.test(seen.path));
    }

    // ---- what the page asks ----

    async fetch(address: string, init: RequestInit): Promise<Response> {
        await Promise.resolve();
        const { pathname, searchParams } = new URL(address, 'http://parley.test');
        const seen: Seen = {
            method: init.method ?? 'GET',
            path: pathname.replace('/api/v1', ''),
            query: searchParams,
            headers: (init.headers ?? {}) as Record<string, string>,
            body: typeof init.body === 'string' ? (JSON.parse(init.body) as Record<string, unknown>) : {},
        };
        this.seen.push(seen);
        const mishap = await this.mishap(seen);
        if (mishap instanceof Response) return mishap;
        if (mishap === 'lost' || init.signal?.aborted === true) throw new TypeError('network');
        if (this.key !== null && seen.headers['authorization'] !== `Bearer ${this.key}`) {
            return problem(
                401,
                seen.headers['authorization'] === undefined ? 'missing_api_key' : 'invalid_api_key',
            );
        }
        const answer = this.#answer(seen, init.signal ?? undefined);
        if (mishap !== 'answer lost') return answer;
        void answer.body?.cancel();
        throw new TypeError('network');
    }

    #answer(seen: Seen, signal: AbortSignal | undefined): Response {
        const [first, id, second, messageId, third, index] = seen.path.slice(1).split('/');
        if (first === 'events') return this.streams.user(seen.headers['last-event-id'] ?? null, signal);
        if (first === 'models') return json({ currency: 'EUR', data: [] });
        if (first === 'users') return json({ user_id: this.userId, name: 'Ada', is_admin: false });
        if (first !== 'interactions') return problem(404, 'route_not_found');
        if (id === undefined) return seen.method === 'GET' ? this.#list(seen) : this.#create(seen);
        const interaction = this.interactions.get(id);
        if (interaction === undefined) return problem(404, 'interaction_not_found');
        if (second === undefined) return this.#ofInteraction(interaction, seen);
        if (messageId === undefined) {
            return seen.method === 'GET'
                ? this.#older(interaction, seen)
                : this.#send(interaction, seen, signal);
        }
        const message = this.messages.get(messageId);
        if (message?.interaction_id !== id) return problem(404, 'message_not_found');
        switch (third) {
            case undefined:
                return json(this.#shown(message));
            case 'events':
                return this.#events(message, seen.headers['last-event-id'] ?? null, signal);
            case 'stop':
                return json(message.status === 'in_progress' ? this.end(messageId, 'stopped') : message);
            case 'regenerate':
                return this.#regenerate(message, seen, signal);
            case 'siblings': {
                const sibling = this.#siblings(message)[Number(index)];
                return sibling === undefined ? problem(404, 'message_not_found') : json(this.#shown(sibling));
            }
            default:
                return problem(404, 'route_not_found');
        }
    }

    #list(seen: Seen): Response {
        const from = Number(seen.query.get('cursor') ?? 0);
        const limit = Number(seen.query.get('limit') ?? 20);
        const is = (name: 'archived' | 'pinned', value: boolean) =>
            [null, String(value)].includes(seen.query.get(name));
        const all = [...this.interactions.values()]
            .filter((each) => is('archived', each.archived) && is('pinned', each.pinned))
            .sort((one, other) => (one.last_message_at > other.last_message_at ? -1 : 1));
        const has_more = from + limit < all.length;
        const next_cursor = has_more ? String(from + limit) : null;
        return json({ data: all.slice(from, from + limit), has_more, next_cursor, prev_cursor: null });
    }

    #create(seen: Seen): Response {
        const made = this.#once(seen, () =>
            this.interaction('', {
                settings: { ...settings, ...(seen.body['settings'] as Partial<Settings>) },
            }),
        );
        return json(this.#interaction(made.interaction_id), 201);
    }

    #ofInteraction(interaction: Interaction, seen: Seen): Response {
        const id = interaction.interaction_id;
        if (seen.method === 'PATCH') {
            const writes = this.branch(id).some(({ status }) => status === 'in_progress');
            if ('active_branch' in seen.body && writes) return problem(409, 'turn_in_progress');
            return json(this.change(id, seen.body));
        }
        if (seen.method === 'DELETE') {
            this.delete(id);
            return new Response(null, { status: 204 });
        }
        if (!seen.query.has('include')) return json(interaction);
        return json({ ...interaction, message_list: this.#page(this.branch(id), null, this.pageSize) });
    }

    #older(interaction: Interaction, seen: Seen): Response {
        const cursor = seen.query.get('cursor');
        const branch = cursor?.split('@')[1] ?? interaction.active_branch;
        return json(
            this.#page(this.#walk(branch), Number(cursor?.split('@')[0]), Number(seen.query.get('limit'))),
        );
    }

    #page(branch: Message[], before: number | null, limit: number): object {
        const to = before ?? branch.length;
        const from = Math.max(0, to - limit);
        return {
            data: branch.slice(from, to).map((message) => this.#shown(message)),
            has_more: to < branch.length,
            next_cursor: null,
            prev_cursor: from > 0 ? `${from}@${branch.at(-1)?.branch_id ?? ''}` : null,
        };
    }

    #send(interaction: Interaction, seen: Seen, signal?: AbortSignal): Response {
        const id = interaction.interaction_id;
        const before = this.#made.get(seen.headers['idempotency-key'] ?? '');
        if (before === undefined && this.branch(id).some(({ status }) => status === 'in_progress')) {
            return problem(409, 'turn_in_progress');
        }
        const { content, parent_id, metadata } = seen.body;
        const turn = this.#once(seen, () =>
            this.begin(
                id,
                content as string,
                parent_id as string | null | undefined,
                metadata as Record<string, string>,
            ),
        );
        return this.#events(this.message(turn.reply?.message_id ?? ''), null, signal);
    }

    #regenerate(message: Message, seen: Seen, signal?: AbortSignal): Response {
        const turn = this.#once(seen, () => {
            const user_message = message.role === 'user' ? message : this.message(message.parent_id ?? '');
            return { user_message, reply: this.beginReply(user_message) };
        });
        return this.#events(this.message(turn.reply.message_id), null, signal);
    }

    #events(reply: Message, lastEventId: string | null, signal?: AbortSignal): Response {
        const text = new TextEncoder().encode(textOf(reply));
        const turn = {
            user_message: this.#shown(this.message(reply.parent_id ?? '')),
            reply: this.#shown(reply),
        };
        const over = reply.status !== 'in_progress' && reply.status !== 'queued';
        if (over && lastEventId === 'end') return new Response(null, { status: 204 });
        let beginning = lastEventId === null ? eventText('0', 'message.created', turn) : '';
        const rest = new TextDecoder().decode(text.subarray(Number(lastEventId ?? 0)));
        if (rest !== '') beginning += eventText(String(text.length), 'message.delta', { delta: rest });
        if (!over) return this.streams.reply(reply.message_id, beginning, signal);
        const name = reply.status === 'complete' ? 'completed' : reply.status;
        const stream = new ByteStream(signal);
        stream.write(beginning + eventText('end', `message.${name}`, this.#shown(reply)));
        stream.close();
        return stream.response;
    }

    // ---- what is stored ----

    #once<T>(seen: Seen, make: () => T): T {
        const key = seen.headers['idempotency-key'];
        if (key === undefined) return make();
        if (!this.#made.has(key)) this.#made.set(key, make());
        return this.#made.get(key) as T;
    }

    #message(interaction: Interaction, change: Partial<Message> & Pick<Message, 'parent_id'>): Message {
        const id = interaction.interaction_id;
        const all = [...this.messages.values()].filter((each) => each.interaction_id === id);
        const parent = change.parent_id === null ? null : this.message(change.parent_id);
        const goesOn = all.every((each) => each.parent_id !== change.parent_id);
        const branch_id = goesOn ? (parent?.branch_id ?? interaction.active_branch) : this.#id('b');
        const message: Message = {
            interaction_id: id,
            message_id: this.#id('m'),
            branch_id,
            seq: all.length + 1,
            sibling: { index: 0, count: 1 },
            created_at: this.#now(),
            ...untold,
            ...change,
        };
        this.messages.set(message.message_id, message);
        this.interactions.set(id, {
            ...interaction,
            message_count: interaction.message_count + 1,
            last_message_at: message.created_at,
            active_branch: branch_id,
        });
        return message;
    }

    #shown(message: Message): Message {
        const siblings = this.#siblings(message);
        const index = siblings.findIndex((each) => each.message_id === message.message_id);
        return { ...message, sibling: { index, count: siblings.length } };
    }

    #siblings({ interaction_id, parent_id }: Message): Message[] {
        return [...this.messages.values()].filter(
            (each) => each.interaction_id === interaction_id && each.parent_id === parent_id,
        );
    }

    #walk(branch: string): Message[] {
        const own = [...this.messages.values()].filter((message) => message.branch_id === branch);
        const path: Message[] = [];
        let at = own.at(-1);
        while (at !== undefined) {
            path.unshift(at);
            at = at.parent_id === null ? undefined : this.messages.get(at.parent_id);
        }
        return path;
    }

    #interaction(id: string): Interaction {
        const interaction = this.interactions.get(id);
        if (interaction === undefined) throw new Error(`no interaction ${id}`);
        return interaction;
    }

    #tell(name: string, data: unknown): void {
        const isMessage = typeof data === 'object' && data !== null && 'sibling' in data;
        this.streams.tell(name, isMessage ? this.#shown(data as Message) : data);
    }

    #now(): string {
        this.#time = Math.max(this.#time + 1, Date.now());
        return new Date(this.#time).toISOString();
    }

    #id(prefix: string): string {
        this.#count += 1;
        return `${prefix}${this.#count}`;
    }
}
