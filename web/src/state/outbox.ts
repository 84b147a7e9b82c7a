// Messages on their way to the server. Each has its key from the beginning and keeps it until it is acknowledged, over
// reloads, lost connections and expired keys, so that none is stored twice. It goes on whichever chat is open.
import { batch, computed, signal, type ReadonlySignal } from '@preact/signals';

import { isAborted } from '../api/aborted';
import type { NewMessage, Routes } from '../api/routes';
import type { Interaction, Message, Turn } from '../api/types';
import type { Failure } from './contract';
import { LeftUnsent } from './left_unsent';
import type { Access } from './patience';
import { Retry } from './retry';
import { Kept, keptName } from './storage';
import { requestTurn, type Acknowledgement, type TurnSink } from './turn_request';
import { isUnsent, keyHolds, keyOf, laneOf, sentAs, type Unsent } from './unsent';

export interface OutboxEntry {
    unsent: Unsent;
    failure: Failure | null;
    /** A request for it is under way, or will be by itself. */
    active: boolean;
}

interface Parts extends Access {
    routes: Routes;
    /** The interaction of this lane was made. */
    named(lane: string, interaction: Interaction): void;
    /** It was acknowledged. Who wants the events of its reply is answered. */
    begun(unsent: Unsent, turn: Turn, abort: () => void): TurnSink | null;
    /** It is too old to be sent by itself. */
    expired(unsent: Unsent): void;
    /** It was refused. */
    failed(unsent: Unsent, failure: Failure): void;
}

type Refusal = Extract<Acknowledgement, { ok: false }>;

const prefix = 'outbox.';

export class Outbox {
    readonly #entries = signal<readonly OutboxEntry[]>([]);
    readonly #parts: Parts;
    readonly #kept: Kept;
    readonly #left: LeftUnsent;
    readonly #deliveries = new Map<string, AbortController>();
    /** Lanes with a request that is not acknowledged (nor over): the events of what comes of it may come with it. */
    readonly sending = signal<ReadonlySet<string>>(new Set());
    #owner: string | null = null;

    readonly entries: ReadonlySignal<readonly OutboxEntry[]> = computed(() => this.#entries.value);

    constructor(parts: Parts) {
        this.#parts = parts;
        this.#kept = new Kept(parts.environment.local);
        this.#left = new LeftUnsent({
            environment: parts.environment,
            underWay: () => this.#entries.peek().flatMap(({ unsent, active }) => (active ? unsent.key : [])),
            takeUp: (key) => this.#takeUp([prefix + key]),
        });
    }

    start(): void {
        const { page } = this.#parts.environment;
        this.#left.start();
        let kept: string[] = [];
        page.on('leaving', () => (kept = this.#stillKept()));
        page.on('restored', () => {
            const still = new Set(this.#stillKept());
            for (const key of kept) if (!still.has(key)) this.#takeOut(key); // as if it had been told
        });
        page.onStored((name, value) => {
            const own = keptName(name);
            // Another tab was told that it arrived (then it is read), or has taken it back.
            if (value === null && own?.startsWith(prefix) === true) this.#takeOut(own.slice(prefix.length));
        });
    }

    /** Takes up what this user had not sent when the page was left. Asked again for the same user, it does nothing. */
    load(owner: string): void {
        if (this.#owner === owner) return;
        if (this.#owner !== null) this.#forget();
        this.#owner = owner;
        this.#takeUp(this.#kept.names(prefix));
    }

    /** Of what is kept under these names, what is this user's and not known here. */
    #takeUp(names: string[]): void {
        if (this.#owner === null) return;
        const known = new Set(this.#entries.peek().map(({ unsent }) => unsent.key));
        const found: Unsent[] = [];
        for (const name of names) {
            const unsent = this.#kept.getJson(name, isUnsent);
            if (unsent === null) this.#kept.remove(name);
            else if ((unsent.owner ?? this.#owner) === this.#owner && !known.has(unsent.key))
                found.push(unsent);
        }
        found.sort((one, other) => one.at - other.at);
        const now = this.#parts.environment.clock.now();
        for (const unsent of found) {
            if (now - unsent.at < keyHolds) this.#add(unsent);
            else {
                this.#kept.remove(prefix + unsent.key);
                this.#parts.expired(unsent);
            }
        }
        this.#left.taken(found.map(({ key }) => key));
        this.#deliverNext();
    }

    send(unsent: Unsent): void {
        this.#keep(unsent);
        this.#add(unsent);
        this.#deliverNext();
    }

    retry(key: string): void {
        const entry = this.#find(key);
        if (entry === undefined) return;
        // A delivery that waits to try again by itself begins anew.
        this.#abort(key);
        const { refused, ...unsent } = entry.unsent;
        if (refused !== undefined) this.#keep(unsent);
        this.#set(key, { unsent, failure: null, active: true });
        this.#deliverNext();
    }

    /** Takes it out; null when it is not there any more. */
    discard(key: string): Unsent | null {
        const entry = this.#find(key);
        if (entry === undefined) return null;
        this.#kept.remove(prefix + key);
        this.#takeOut(key);
        return entry.unsent;
    }

    /** A message was read or told of. Whether it is one of these: then it has arrived. */
    told(message: Message): boolean {
        const key = keyOf(message);
        if (key === null || this.#find(key) === undefined) return false;
        this.#arrived(key);
        return true;
    }

    /** It was told, but the answer to its sending has not come yet. */
    isOnItsWay(message: Message): boolean {
        const key = keyOf(message);
        return key !== null && this.sending.value.has(message.interaction_id) && this.#deliveries.has(key);
    }

    /** An interaction is gone, and with it what was to be sent there. */
    interactionDeleted(id: string): void {
        for (const { unsent } of this.#entries.peek())
            if (unsent.interactionId === id) this.discard(unsent.key);
    }

    /** Whether a message is on its way into it, from whichever tab. */
    isMeantFor(id: string): boolean {
        const kept = this.#kept.names(prefix).map((name) => this.#kept.getJson(name, isUnsent));
        const own = this.#entries.peek().map(({ unsent }) => unsent);
        return [...kept, ...own].some((unsent) => unsent?.interactionId === id);
    }

    /** Nothing of it stays in this browser, nor of what other tabs have left of the same user. */
    erase(): void {
        for (const { unsent } of this.#entries.peek()) this.#kept.remove(prefix + unsent.key);
        for (const name of this.#kept.names(prefix)) {
            const owner = this.#kept.getJson(name, isUnsent)?.owner ?? null;
            if (owner === null || owner === this.#owner) this.#kept.remove(name);
        }
        this.#forget();
    }

    #forget(): void {
        for (const controller of this.#deliveries.values()) controller.abort();
        this.#deliveries.clear();
        this.#entries.value = [];
        this.sending.value = new Set();
        this.#owner = null;
    }

    #add(unsent: Unsent): void {
        this.#entries.value = [
            ...this.#entries.peek(),
            { unsent, failure: unsent.refused ?? null, active: unsent.refused === undefined },
        ];
    }

    /** In each lane the first that is not refused is sent; the next one when it has arrived. */
    #deliverNext(): void {
        const busy = new Set<string>();
        for (const { unsent, active } of this.#entries.peek()) {
            if (!active || busy.has(laneOf(unsent))) continue;
            busy.add(laneOf(unsent));
            if (!this.#deliveries.has(unsent.key)) void this.#deliver(unsent.key);
        }
    }

    async #deliver(key: string): Promise<void> {
        const controller = new AbortController();
        this.#deliveries.set(key, controller);
        const retry = new Retry(this.#parts.environment);
        while (!isAborted(controller.signal)) {
            await this.#parts.whenUsable(controller.signal);
            const unsent = this.#find(key)?.unsent;
            if (unsent === undefined || isAborted(controller.signal)) break;
            if (this.#parts.environment.clock.now() - unsent.at >= keyHolds) {
                this.discard(key);
                this.#parts.expired(unsent);
                break;
            }
            const result = await this.#try(unsent, controller.signal);
            if (isAborted(controller.signal) || result.ok) break;
            if (!isWorthTrying(result.status, result.failure)) {
                this.#refused(key, result);
                break;
            }
            if (result.status === 401) continue; // the session asks for a key
            // Once may be nothing; after that it is told.
            if (retry.failures > 0) this.#set(key, { failure: result.failure });
            await retry.wait(controller.signal, result.failure.retryAfter);
        }
        if (this.#deliveries.get(key) === controller) this.#deliveries.delete(key);
        this.#deliverNext();
    }

    #refused(key: string, { status, failure }: Refusal): void {
        const entry = this.#find(key); // its interaction may have been made meanwhile
        if (entry === undefined) return;
        const unsent = isFinal(status) ? { ...entry.unsent, refused: failure } : entry.unsent;
        this.#keep(unsent);
        this.#set(key, { unsent, failure, active: false });
        this.#parts.failed(unsent, failure);
    }

    async #try(unsent: Unsent, aborted: AbortSignal): Promise<Acknowledgement> {
        const { environment, routes } = this.#parts;
        this.#setSending(laneOf(unsent), true);
        const id = unsent.interactionId ?? (await this.#makeInteraction(unsent, aborted));
        if (typeof id !== 'string') {
            this.#setSending(laneOf(unsent), false);
            return id ?? { ok: true };
        }
        const result = await requestTurn(
            environment.clock,
            aborted,
            (signal) => routes.send(id, bodyOf(unsent), unsent.key, signal),
            (turn, abort) => {
                if (isAborted(aborted)) return null;
                return batch(() => {
                    const sink = this.#parts.begun({ ...unsent, interactionId: id }, turn, abort);
                    this.#setSending(id, false);
                    this.#arrived(unsent.key);
                    return sink;
                });
            },
        );
        this.#setSending(id, false);
        return result;
    }

    /** Null: it is not wanted any more. */
    async #makeInteraction(unsent: Unsent, aborted: AbortSignal): Promise<string | Refusal | null> {
        const lane = laneOf(unsent);
        const { key, body } = unsent.creation ?? { key: unsent.key, body: {} };
        const answer = await this.#parts.routes.createInteraction(body, key);
        if (aborted.aborted) return null;
        if (!answer.ok) return answer;
        const interaction = answer.value;
        const interactionId = interaction.interaction_id;
        const named = this.#entries.peek().map((entry) => {
            if (laneOf(entry.unsent) !== lane) return entry;
            const changed = { ...entry.unsent, interactionId };
            this.#keep(changed);
            return { ...entry, unsent: changed };
        });
        batch(() => {
            this.#parts.named(lane, interaction);
            this.#entries.value = named;
            this.#setSending(lane, false);
            this.#setSending(interactionId, true);
        });
        return interactionId;
    }

    #keep(unsent: Unsent): void {
        this.#kept.setJson(prefix + unsent.key, unsent);
    }

    #arrived(key: string): void {
        this.#kept.remove(prefix + key);
        this.#entries.value = this.#entries.peek().filter(({ unsent }) => unsent.key !== key);
        this.#deliverNext();
    }

    #stillKept(): string[] {
        const names = new Set(this.#kept.names(prefix));
        return this.#entries.peek().flatMap(({ unsent: { key } }) => (names.has(prefix + key) ? key : []));
    }

    #takeOut(key: string): void {
        if (this.#find(key) === undefined) return;
        this.#abort(key);
        this.#entries.value = this.#entries.peek().filter(({ unsent }) => unsent.key !== key);
        this.#deliverNext();
    }

    #setSending(lane: string, sends: boolean): void {
        if (this.sending.peek().has(lane) === sends) return;
        const sending = new Set(this.sending.peek());
        if (sends) sending.add(lane);
        else sending.delete(lane);
        this.sending.value = sending;
    }

    #abort(key: string): void {
        this.#deliveries.get(key)?.abort();
        this.#deliveries.delete(key);
    }

    #find(key: string): OutboxEntry | undefined {
        return this.#entries.peek().find(({ unsent }) => unsent.key === key);
    }

    #set(key: string, change: Partial<OutboxEntry>): void {
        this.#entries.value = this.#entries
            .peek()
            .map((entry) => (entry.unsent.key === key ? { ...entry, ...change } : entry));
    }
}

function bodyOf(unsent: Unsent): NewMessage {
    return {
        content: unsent.text,
        metadata: { [sentAs]: unsent.key },
        ...(unsent.parentId === undefined ? {} : { parent_id: unsent.parentId }),
        stream: true,
    };
}

/** Whether the same may be answered otherwise in a moment, without anybody doing anything. */
export function isWorthTrying(status: number, { code }: Failure): boolean {
    if (status === 0 || status === 401 || status === 408 || status === 502 || status === 504) return true;
    return status === 503 && !asksForPatience.has(code);
}

/** Whether the same would be refused again: it is what was sent that is refused. */
function isFinal(status: number): boolean {
    return [400, 404, 413, 415, 422].includes(status);
}

/** Refusals by models that are not ready; the person may choose another one. */
const asksForPatience = new Set(['model_loading', 'model_failed', 'queue_full']);
