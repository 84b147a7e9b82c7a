// The list of interactions, read page by page and kept in step by events.
import { batch, computed, effect, signal, untracked } from '@preact/signals';

import { isAborted } from '../api/aborted';
import type { Answer } from '../api/client';
import type { Routes } from '../api/routes';
import type { Interaction, InteractionPage } from '../api/types';
import { t } from '../i18n';
import type { Failure, InteractionList } from './contract';
import type { Change, InteractionStore } from './interaction_store';
import { beginning, isListed, type Reached } from './list_reach';
import type { ShownNotices } from './notices';
import { askPatiently, type Access } from './patience';
import type { Removal } from './removal';

const pageSize = 50;
const largestPage = 100; // the server gives no more at once
/** With a filter, pages are loaded until so many match: about a screen. */
const enoughMatches = 20;
const filterSettles = 150;
const mostReread = 500;

interface Parts extends Access {
    routes: Routes;
    store: InteractionStore;
    removal: Removal;
    notices: ShownNotices;
    /** It is read by its chat, whether the list reaches it or not. */
    isOpen: (id: string) => boolean;
}

export class Interactions implements InteractionList {
    readonly filter = signal('');
    readonly archived = signal(false);
    readonly loading = signal(false);
    readonly failure = signal<Failure | null>(null);

    readonly #parts: Parts;
    readonly #reached = signal<{ current: Reached; archived: Reached }>({
        current: beginning,
        archived: beginning,
    });
    /** Those that events told of while pages were read: a page that lacks them was read before. */
    #toldMeanwhile = new Set<string>();
    #begun = false;
    #reading = new AbortController();

    readonly #listed = computed(() => {
        const reached = this.#here.value;
        const archived = this.archived.value;
        const shown: Interaction[] = [];
        for (const interaction of this.#parts.store.all.value.values()) {
            if (interaction.archived === archived && isListed(interaction, reached)) shown.push(interaction);
        }
        return shown.sort(inOrder);
    });

    readonly visible = computed(() => {
        const wanted = plain(this.filter.value.trim());
        const removed = this.#parts.removal.hidden.value;
        return this.#listed.value.filter(
            ({ interaction_id, title }) => !removed.has(interaction_id) && plain(title).includes(wanted),
        );
    });

    readonly #here = computed(() => this.#reached.value[this.archived.value ? 'archived' : 'current']);
    readonly hasMore = computed(() => this.#here.value.hasMore);

    constructor(parts: Parts) {
        this.#parts = parts;
    }

    start(): void {
        effect(() => {
            const archived = this.archived.value;
            if (!this.#begun || this.#reached.peek()[archived ? 'archived' : 'current'] !== beginning) return;
            untracked(() => void (this.loading.peek() ? this.reread() : this.#loadOn()));
        });
        effect(() => {
            if (this.filter.value.trim() === '') return undefined;
            return this.#parts.environment.clock.after(filterSettles, () => void this.#loadMatching());
        });
    }

    async loadMore(): Promise<void> {
        if (this.loading.peek() && this.failure.peek() !== null)
            await this.reread(); // rather than wait on
        else if (!this.loading.peek() && this.hasMore.peek()) await this.#loadOn();
    }

    get wasAsked(): boolean {
        return this.#begun;
    }

    /** Reads again what is shown (events may have been missed), or for the first time. */
    async reread(): Promise<void> {
        const archived = this.archived.peek();
        const enough = Math.min(this.#listed.peek().length, mostReread);
        const reading = this.#begin();
        const found: Interaction[] = [];
        let reached = beginning;
        do {
            const from = reached;
            const limit = found.length === 0 ? pageSize : largestPage;
            const page = await askPatiently(
                this.#parts,
                reading.signal,
                () => this.#read(archived, from, limit),
                (failure) => (this.failure.value = failure),
            );
            if (page === null) return;
            if (!page.ok) {
                this.#over(page.failure);
                return;
            }
            found.push(...page.value.data);
            reached = page.value.reached;
        } while (reached.hasMore && found.length < enough);
        const there = new Set(found.map(({ interaction_id }) => interaction_id));
        batch(() => {
            this.#parts.store.keep(
                ({ interaction_id: id }) =>
                    there.has(id) || this.#toldMeanwhile.has(id) || this.#parts.isOpen(id),
            );
            for (const one of found) this.#callOffRemovalOf(one);
            this.#parts.store.take(...found);
            this.#reached.value = { current: beginning, archived: beginning };
            this.#setReached(archived, reached);
            this.#over(null);
        });
    }

    /** Somebody has written into it while events were missed. */
    #callOffRemovalOf({ interaction_id: id, last_message_at: at }: Interaction): void {
        const { removal, store } = this.#parts;
        if (removal.hidden.peek().has(id) && at > (store.get(id)?.last_message_at ?? at)) removal.callOff(id);
    }

    /** Another user's list takes its place. */
    clear(): void {
        this.#begin();
        batch(() => {
            this.#parts.store.clear();
            this.filter.value = '';
            this.archived.value = false;
            this.#reached.value = { current: beginning, archived: beginning };
            this.#over(null);
        });
    }

    told(interactionId: string): void {
        if (this.loading.peek()) this.#toldMeanwhile.add(interactionId);
    }

    async rename(id: string, title: string): Promise<void> {
        await this.#change(id, { title });
    }

    async setPinned(id: string, pinned: boolean): Promise<void> {
        await this.#change(id, { pinned });
    }

    async setArchived(id: string, archived: boolean): Promise<void> {
        if (!(await this.#change(id, { archived }))) return;
        const run = () => void this.#change(id, { archived: !archived });
        this.#parts.notices.info(t(archived ? 'state.archived' : 'state.unarchived'), {
            label: t('state.undo'),
            run,
        });
    }

    remove(id: string): void {
        this.#parts.removal.remove(id);
    }

    /** Whether it is so now; what was refused is told. */
    async #change(id: string, change: Change): Promise<boolean> {
        const { store, routes, notices } = this.#parts;
        const takeBack = store.change(id, change);
        const answer = await routes.changeInteraction(id, change);
        batch(() => {
            if (answer.ok) store.take(answer.value);
            takeBack();
        });
        if (!answer.ok) notices.failed(answer.failure);
        return answer.ok;
    }

    async #loadOn(): Promise<void> {
        await this.#loadPage(this.filter.peek().trim() === '' ? pageSize : largestPage);
        await this.#loadMatching();
    }

    async #loadMatching(): Promise<void> {
        const wanted = this.filter.peek();
        while (
            wanted.trim() !== '' &&
            wanted === this.filter.peek() &&
            !this.loading.peek() &&
            this.hasMore.peek() &&
            this.visible.peek().length < enoughMatches
        ) {
            await this.#loadPage(largestPage);
            if (this.failure.peek() !== null) return;
        }
    }

    async #loadPage(limit: number): Promise<void> {
        const archived = this.archived.peek();
        const reading = this.#begin();
        const page = await this.#read(archived, this.#here.peek(), limit);
        if (isAborted(reading.signal)) return;
        if (!page.ok) {
            this.#over(page.failure);
            return;
        }
        batch(() => {
            this.#parts.store.take(...page.value.data);
            this.#setReached(archived, page.value.reached);
            this.#over(null);
        });
    }

    /** The next page; at the beginning also those that are pinned, wherever they would stand. */
    async #read(archived: boolean, from: Reached, limit: number): Promise<Answer<PageRead>> {
        const [pinned, page] = await Promise.all([
            from === beginning ? this.#readPinned(archived) : null,
            this.#parts.routes.interactions({ archived, pinned: false, limit, cursor: from.cursor }),
        ]);
        if (!page.ok) return page;
        if (pinned?.ok === false) return pinned;
        const data = [...(pinned?.value ?? []), ...page.value.data];
        return { ok: true, value: { data, reached: reachedBy(page.value, from) } };
    }

    /** All of them: they stand before the first page. */
    async #readPinned(archived: boolean): Promise<Answer<Interaction[]>> {
        const found: Interaction[] = [];
        let cursor: string | null = null;
        do {
            const page: Answer<InteractionPage> = await this.#parts.routes.interactions({
                archived,
                pinned: true,
                limit: largestPage,
                cursor,
            });
            if (!page.ok) return page;
            found.push(...page.value.data);
            cursor = page.value.next_cursor;
        } while (cursor !== null);
        return { ok: true, value: found };
    }

    #begin(): AbortController {
        this.#reading.abort(); // only the latest answer counts
        this.#reading = new AbortController();
        this.#toldMeanwhile = new Set();
        this.loading.value = true;
        this.#begun = true;
        return this.#reading;
    }

    #over(failure: Failure | null): void {
        this.loading.value = false;
        this.failure.value = failure;
    }

    #setReached(archived: boolean, reached: Reached): void {
        this.#reached.value = { ...this.#reached.peek(), [archived ? 'archived' : 'current']: reached };
    }
}

interface PageRead {
    data: Interaction[];
    reached: Reached;
}

function reachedBy(page: InteractionPage, from: Reached): Reached {
    const last = page.data.at(-1);
    return {
        cursor: page.next_cursor,
        hasMore: page.has_more,
        oldest: page.has_more ? (last?.last_message_at ?? from.oldest) : null,
    };
}

function inOrder(one: Interaction, other: Interaction): number {
    if (one.pinned !== other.pinned) return one.pinned ? -1 : 1;
    if (one.last_message_at !== other.last_message_at)
        return one.last_message_at > other.last_message_at ? -1 : 1;
    return one.interaction_id > other.interaction_id ? -1 : 1;
}

/** Without case and accents, as people search. */
function plain(text: string): string {
    return text
        .normalize('NFKD')
        .replace(/\p{Mn}/gu, '')
        .toLowerCase();
}
