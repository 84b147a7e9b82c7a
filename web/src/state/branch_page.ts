// The branch that a chat shows: read page by page, and again when events may have been missed.
import { batch, computed, signal } from '@preact/signals';

import type { Routes } from '../api/routes';
import type { Interaction, Message } from '../api/types';
import { noBranch, place, read, withOlder, type Branch } from './branch';
import type { Failure } from './contract';
import type { InteractionStore } from './interaction_store';
import type { ShownNotices } from './notices';
import { askPatiently, type Access } from './patience';
import type { MessageNews } from './user_event';

const olderPage = 100;

interface Parts extends Access {
    routes: Routes;
    store: InteractionStore;
    notices: ShownNotices;
    /** A page was read. `meanwhile`: what was told since it was asked for, which may be newer. */
    wasRead: (messages: readonly Message[], meanwhile: MessageNews[]) => void;
    /** The interaction is not there. */
    absent: () => void;
}

export class BranchPage {
    readonly branch = signal<Branch>(noBranch);
    readonly status = signal<'loading' | 'ready' | 'absent' | 'failed'>('loading');
    readonly failure = signal<Failure | null>(null);
    readonly loadingOlder = signal(false);
    /** There are older ones, and they can be asked for. */
    readonly hasOlder = computed(() => this.branch.value.older !== null && !this.#olderRefused.value);

    readonly #parts: Parts;
    readonly #olderRefused = signal(false); // until the branch is read again
    #readingOlder = new AbortController();
    #reading: AbortController | null = null;
    #toldMeanwhile: MessageNews[] = [];
    #branchTold = false;

    constructor(parts: Parts) {
        this.#parts = parts;
    }

    get isReading(): boolean {
        return this.#reading !== null;
    }

    /** The newest page. Goes on until there is an answer; a later call takes the place of an earlier one. */
    async read(id: string): Promise<void> {
        this.stop();
        const reading = (this.#reading = new AbortController());
        const answer = await askPatiently(
            this.#parts,
            reading.signal,
            () => this.#parts.routes.interactionWithMessages(id),
            (failure) => this.#failed(failure),
        );
        if (answer === null) return;
        const meanwhile = this.#toldMeanwhile;
        this.stop();
        if (!answer.ok) {
            if (answer.status === 404) this.#parts.absent();
            else this.#failed(answer.failure);
            return;
        }
        const { message_list: page, ...interaction } = answer.value;
        batch(() => {
            this.#parts.store.take(interaction);
            if (page !== undefined)
                this.branch.value = read(this.branch.peek(), page, interaction.active_branch);
            this.failure.value = null;
            this.#olderRefused.value = false;
            this.status.value = 'ready';
            this.#parts.wasRead(page?.data ?? [], meanwhile);
        });
        if (this.#branchTold) this.#checkBranch(id);
    }

    reload(id: string): Promise<void> {
        if (this.status.peek() === 'failed') this.status.value = 'loading';
        return this.read(id);
    }

    /** The page before what is loaded. Goes on until there is an answer, or the branch is read anew. */
    async loadOlder(id: string): Promise<void> {
        const { older } = this.branch.peek();
        if (older === null || !this.hasOlder.peek() || this.loadingOlder.peek()) return;
        this.loadingOlder.value = true;
        const { signal: aborted } = (this.#readingOlder = new AbortController());
        const answer = await askPatiently(
            this.#parts,
            aborted,
            () => this.#parts.routes.messages(id, older, olderPage),
            () => undefined, // it is loading, and the page says that the network is lost
        );
        if (answer === null) return;
        batch(() => {
            this.loadingOlder.value = false;
            if (answer.ok) this.branch.value = withOlder(this.branch.peek(), answer.value);
            else this.#olderRefused.value = true;
        });
        if (answer.ok) return;
        if (answer.status === 404) void this.read(id);
        else this.#parts.notices.failed(answer.failure);
    }

    /** A message was told of. While a page is read, it will be asked for again behind it. */
    place(news: MessageNews): void {
        if (this.isReading) this.#toldMeanwhile.push(news);
        if (this.status.peek() !== 'ready') return;
        const placed = place(this.branch.peek(), news.message);
        if (placed !== 'elsewhere') this.branch.value = placed;
        else if (!this.isReading) void this.read(news.message.interaction_id);
    }

    /** The interaction was told in a newer form: somebody may have chosen another branch. */
    interactionTold({ interaction_id }: Interaction): void {
        if (this.isReading)
            this.#branchTold = true; // the page that comes may be older
        else if (this.status.peek() === 'ready') this.#checkBranch(interaction_id);
    }

    begin(branchId: string): void {
        this.branch.value = { ...noBranch, id: branchId };
    }

    gone(): void {
        this.stop();
        this.branch.value = noBranch;
        this.status.value = 'absent';
    }

    stop(): void {
        this.#reading?.abort();
        this.#reading = null;
        this.#toldMeanwhile = [];
        this.#readingOlder.abort();
        this.loadingOlder.value = false;
    }

    #failed(failure: Failure): void {
        this.failure.value = failure;
        if (this.status.peek() === 'loading') this.status.value = 'failed';
    }

    #checkBranch(id: string): void {
        this.#branchTold = false;
        const known = this.#parts.store.get(id);
        if (known !== undefined && known.active_branch !== this.branch.peek().id) void this.read(id);
    }
}
