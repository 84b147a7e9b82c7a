// The interactions that the page knows, each in its newest version, with the changes that are still on their way.
import { batch, computed, signal, type ReadonlySignal } from '@preact/signals';

import type { Interaction, InteractionPatch, Message } from '../api/types';

/** What can be shown before the server has answered. */
export type Change = Pick<InteractionPatch, 'title' | 'pinned' | 'archived'>;

export class InteractionStore {
    readonly #known = signal<ReadonlyMap<string, Interaction>>(new Map());
    readonly #changes = signal<ReadonlyMap<string, readonly Change[]>>(new Map());
    readonly #deleted = new Set<string>();
    readonly #newestSeq = new Map<string, number>(); // of messages that were counted

    /** As they are to be shown. */
    readonly all: ReadonlySignal<ReadonlyMap<string, Interaction>> = computed(() => {
        if (this.#changes.value.size === 0) return this.#known.value;
        const shown = new Map(this.#known.value);
        for (const [id, changes] of this.#changes.value) {
            const interaction = shown.get(id);
            if (interaction !== undefined)
                shown.set(id, Object.assign({}, interaction, ...changes) as Interaction);
        }
        return shown;
    });

    get(id: string): Interaction | undefined {
        return this.#known.peek().get(id);
    }

    isDeleted(id: string): boolean {
        return this.#deleted.has(id);
    }

    take(...told: Interaction[]): void {
        const known = new Map(this.#known.peek());
        for (const interaction of told) {
            const id = interaction.interaction_id;
            if (this.#deleted.has(id)) continue;
            known.set(id, newest(known.get(id), withoutMessages(interaction)));
        }
        this.#known.value = known;
    }

    /** Of the listed ones, those stay that `stays` says; the others were not there when the list was read again. */
    keep(stays: (interaction: Interaction) => boolean): void {
        const known = new Map(this.#known.peek());
        for (const [id, interaction] of known) if (!stays(interaction)) known.delete(id);
        this.#known.value = known;
    }

    deleted(id: string): void {
        this.#deleted.add(id);
        if (!this.#known.peek().has(id)) return;
        const known = new Map(this.#known.peek());
        known.delete(id);
        this.#known.value = known;
    }

    clear(): void {
        batch(() => {
            this.#known.value = new Map();
            this.#changes.value = new Map();
        });
        this.#deleted.clear();
        this.#newestSeq.clear();
    }

    /** A message changes its interaction without an event of the interaction's own. Whether it was news. */
    touchedBy(message: Message): boolean {
        const id = message.interaction_id;
        const interaction = this.#known.peek().get(id);
        if (interaction === undefined) return false;
        const counted = this.#newestSeq.get(id);
        const isNew =
            counted === undefined ? message.created_at > interaction.last_message_at : message.seq > counted;
        if (!isNew) return false;
        this.#newestSeq.set(id, message.seq);
        const known = new Map(this.#known.peek());
        known.set(id, {
            ...interaction,
            last_message_at: later(interaction.last_message_at, message.created_at),
            updated_at: later(interaction.updated_at, message.created_at),
            active_branch: message.branch_id,
        });
        this.#known.value = known;
        return true;
    }

    /** Shows a change until the function that is returned is called. */
    change(id: string, change: Change): () => void {
        const own = { ...change };
        this.#setChanges(id, (changes) => [...changes, own]);
        return () => this.#setChanges(id, (changes) => changes.filter((each) => each !== own));
    }

    #setChanges(id: string, next: (changes: readonly Change[]) => readonly Change[]): void {
        const all = new Map(this.#changes.peek());
        const changes = next(all.get(id) ?? []);
        if (changes.length === 0) all.delete(id);
        else all.set(id, changes);
        this.#changes.value = all;
    }
}

/** What is told may be older than what is known: by a version, or by messages that came since. */
function newest(known: Interaction | undefined, told: Interaction): Interaction {
    if (known === undefined) return told;
    if (told.version < known.version) return known;
    if (told.last_message_at >= known.last_message_at) return told;
    const { last_message_at, updated_at, active_branch } = known;
    return { ...told, last_message_at, updated_at, active_branch };
}

function withoutMessages(interaction: Interaction): Interaction {
    if (!('message_list' in interaction)) return interaction;
    const rest: Interaction & { message_list?: unknown } = { ...interaction };
    delete rest.message_list;
    return rest;
}

/** Times are all of one form, so that they are in order as texts. */
function later(one: string, other: string): string {
    return one > other ? one : other;
}
