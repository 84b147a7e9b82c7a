// One chat that is open: reads its branch, keeps it in step with events, follows the reply that is being written.
import { batch, computed, effect, signal, untracked } from '@preact/signals';

import { isAborted } from '../api/aborted';
import type { NewInteraction, Routes } from '../api/routes';
import type { Interaction, Message, SettingsInput, Turn } from '../api/types';
import * as branches from './branch';
import { noBranch, type Branch } from './branch';
import { sendingOnly } from './chat_live';
import type { Chat, Failure, LiveReply } from './contract';
import type { Draft, Drafts } from './drafts';
import type { InteractionStore } from './interaction_store';
import { LiveReplyState } from './live_reply';
import type { ShownNotices } from './notices';
import type { Outbox } from './outbox';
import { askPatiently, type Access } from './patience';
import { Regeneration } from './regeneration';
import { ReplyFollower } from './reply_follower';
import { ShownMessages } from './shown_messages';
import type { TurnSink } from './turn_request';
import { laneOf, type Unsent } from './unsent';
import type { MessageNews } from './user_events';

export interface ChatParts extends Access {
    routes: Routes;
    store: InteractionStore;
    outbox: Outbox;
    drafts: Drafts;
    notices: ShownNotices;
    owner: () => string | null;
    /** What a new chat begins with. */
    newSettings(): SettingsInput;
}

const olderPage = 100;

export class OpenChat {
    readonly status = signal<'loading' | 'ready' | 'absent' | 'failed'>('loading');
    readonly failure = signal<Failure | null>(null);
    readonly loadingOlder = signal(false);
    readonly editing = signal<string | null>(null);

    readonly #parts: ChatParts;
    readonly #id = signal<string | null>(null);
    /** Under which its messages are sent: of a new chat the key of its making. */
    readonly #lane = signal('');
    readonly #branch = signal<Branch>(noBranch);
    readonly #ownSettings = signal<SettingsInput>({});
    readonly #draft: Draft;
    readonly #shown = new ShownMessages();
    readonly #liveReply: LiveReplyState;
    readonly #regeneration: Regeneration;
    readonly #closed = new AbortController();
    readonly #undo: (() => void)[] = [];
    readonly #ahead = new Map<string, number>();
    #follower: ReplyFollower | null = null;
    #reading = new AbortController();
    /** What was told while the branch was read: the page that comes may be older. */
    #toldMeanwhile: MessageNews[] = [];
    #branchTold = false;
    #stopWanted = false;

    readonly #entries = computed(() =>
        this.#parts.outbox.entries.value.filter(({ unsent }) => laneOf(unsent) === this.#lane.value),
    );

    readonly interaction = computed<Interaction | null>(() => {
        const id = this.#id.value;
        return id === null ? null : (this.#parts.store.all.value.get(id) ?? null);
    });

    readonly settings = computed<SettingsInput>(
        () =>
            this.interaction.value?.settings ?? { ...this.#parts.newSettings(), ...this.#ownSettings.value },
    );

    readonly messages = computed(() => {
        const { messages } = this.#branch.value;
        const cut = this.#regeneration.after.value;
        return this.#shown.of(cut === null ? messages : branches.upTo(messages, cut), this.#entries.value);
    });

    readonly hasOlder = computed(() => this.#branch.value.older !== null);

    readonly live = computed<LiveReply | null>(() => {
        const sends =
            this.#regeneration.after.value !== null ||
            this.#entries.value.some(({ failure }) => failure === null);
        return this.#liveReply.value.value ?? (sends ? sendingOnly : null);
    });

    constructor(parts: ChatParts, id: string | null) {
        this.#parts = parts;
        this.#id.value = id;
        this.#lane.value = id ?? parts.environment.newKey();
        this.#draft = parts.drafts.open(id);
        this.#liveReply = new LiveReplyState(parts.environment);
        this.#regeneration = new Regeneration(parts);
        this.#reading.abort(); // nothing is read yet
    }

    get id(): string | null {
        return this.#id.peek();
    }

    get lane(): string {
        return this.#lane.peek();
    }

    /** Whether it has been read, or is about to be. */
    get wasAsked(): boolean {
        return this.#isReading || this.status.peek() !== 'loading';
    }

    /** Nothing was sent. */
    get isEmpty(): boolean {
        return this.#entries.peek().length === 0;
    }

    start(): void {
        if (this.id === null) this.status.value = 'ready';
        else void this.read();
        this.#undo.push(
            effect(() => {
                const sends = this.#parts.outbox.sending.value.has(this.#lane.value);
                if (!sends) untracked(() => this.#follow());
            }),
        );
    }

    /** Nobody looks any more. What is on its way goes on. */
    close(): void {
        this.#closed.abort();
        this.#reading.abort();
        this.#follower?.stop();
        for (const each of this.#undo) each();
        this.#draft.close();
    }

    /** As the views see it. It is another one when the chat gets its interaction. */
    face(): Chat {
        const { interaction, status, failure, messages, hasOlder, loadingOlder, live, editing, settings } =
            this;
        return {
            id: this.id,
            interaction,
            status,
            failure,
            reload: () => this.#reload(),
            messages,
            hasOlder,
            loadingOlder,
            loadOlder: () => this.#loadOlder(),
            live,
            draft: this.#draft.text,
            editing,
            send: (text) => this.#send(text),
            retry: (key) => {
                this.#parts.outbox.retry(key);
                return Promise.resolve();
            },
            discard: (key) => this.#discard(key),
            stop: () => this.#stop(),
            regenerate: (messageId, wanted) => this.#regenerate(messageId, wanted),
            edit: (messageId, text) => this.#edit(messageId, text),
            showSibling: (messageId, index) => this.#showSibling(messageId, index),
            settings,
            changeSettings: (changed) => this.#changeSettings(changed),
        };
    }

    /** Reads the newest page (again): at the beginning, and when events may have been missed. */
    async read(): Promise<void> {
        const id = this.id;
        if (id === null) return;
        this.#reading.abort();
        const { signal: aborted } = (this.#reading = new AbortController());
        const { routes, store, outbox } = this.#parts;
        const answer = await askPatiently(
            this.#parts,
            aborted,
            () => routes.interactionWithMessages(id),
            (failure) => this.#failed(failure),
        );
        if (answer === null) return;
        const meanwhile = this.#toldMeanwhile;
        this.#reading.abort();
        this.#toldMeanwhile = [];
        if (!answer.ok) {
            if (answer.status === 404) this.gone();
            else this.#failed(answer.failure);
            return;
        }
        const { message_list, ...interaction } = answer.value;
        batch(() => {
            store.take(interaction);
            if (message_list !== undefined) {
                this.#branch.value = branches.read(
                    this.#branch.peek(),
                    message_list,
                    interaction.active_branch,
                );
                for (const message of message_list.data) outbox.told(message);
            }
            this.failure.value = null;
            this.status.value = 'ready';
            for (const news of meanwhile) this.told(news);
            this.#follow();
        });
        if (this.#branchTold) this.#checkBranch(id);
    }

    told(news: MessageNews): void {
        if (this.#isReading) this.#toldMeanwhile.push(news);
        if (this.status.peek() !== 'ready') return;
        const { message } = news;
        batch(() => {
            this.#place(message);
            this.#parts.outbox.told(message);
            if (news.kind === 'waiting') this.#ahead.set(message.message_id, news.ahead);
            else if (news.kind === 'begun') this.#ahead.delete(message.message_id);
            else if (news.kind === 'ended') this.#moveUp(message.message_id);
            this.#follow();
            if (this.#liveReply.messageId !== message.message_id) return;
            if (news.kind === 'waiting') this.#liveReply.waiting(news.ahead);
            else if (news.kind === 'loading') this.#liveReply.loading(news.modelName, news.loaded);
            else if (news.kind === 'begun') this.#liveReply.begun();
        });
    }

    /** The interaction was told in a newer form: somebody may have chosen another branch. */
    interactionTold(interaction: Interaction): void {
        if (this.#isReading)
            this.#branchTold = true; // the page that comes may be older
        else if (this.status.peek() === 'ready') this.#checkBranch(interaction.interaction_id);
    }

    /** Its interaction was deleted. */
    gone(): void {
        batch(() => {
            this.#reading.abort();
            this.#unfollow();
            this.#branch.value = noBranch;
            this.status.value = 'absent';
        });
    }

    /** Messages of a new chat that were not sent before a reload are this one's. */
    adopt(lane: string): void {
        if (this.id === null && this.#entries.peek().length === 0) this.#lane.value = lane;
    }

    /** The new chat has got its interaction. */
    named(interaction: Interaction): void {
        batch(() => {
            this.#parts.store.take(interaction);
            this.#branch.value = { ...noBranch, id: interaction.active_branch };
            this.#id.value = interaction.interaction_id;
            this.#lane.value = interaction.interaction_id;
            this.#draft.rename(interaction.interaction_id);
        });
    }

    /** A turn of this chat was acknowledged. Answers who wants its events. */
    begun(turn: Turn, abort: () => void): TurnSink | null {
        const { user_message, reply } = turn;
        return batch(() => {
            this.#parts.store.touchedBy(user_message);
            this.told({ kind: 'message', message: user_message });
            if (reply === null) return null;
            if (this.#isReading) this.#toldMeanwhile.push({ kind: 'message', message: reply });
            this.#parts.store.touchedBy(reply);
            this.#place(reply);
            const first = branches.unfinished(this.#branch.peek());
            if (first?.message_id !== reply.message_id || this.#follower?.messageId === reply.message_id)
                return null;
            const follower = this.#newFollower(reply);
            follower.adopt(abort);
            if (this.#stopWanted) void this.#stop();
            return follower;
        });
    }

    #checkBranch(id: string): void {
        this.#branchTold = false;
        const known = this.#parts.store.get(id);
        if (known !== undefined && known.active_branch !== this.#branch.peek().id) void this.read();
    }

    get #isReading(): boolean {
        return !this.#reading.signal.aborted;
    }

    #failed(failure: Failure): void {
        this.failure.value = failure;
        if (this.status.peek() === 'loading') this.status.value = 'failed';
    }

    #place(message: Message): void {
        const placed = branches.place(this.#branch.peek(), message);
        if (placed === 'elsewhere') void this.read();
        else this.#branch.value = placed;
    }

    /** Follows the reply that is not over, if there is one; a request that is under way may bring its events itself. */
    #follow(): void {
        const reply = branches.unfinished(this.#branch.peek());
        if (reply?.message_id === this.#follower?.messageId) return;
        this.#unfollow();
        if (reply === null) return;
        if (this.#parts.outbox.sending.peek().has(this.lane) || this.#regeneration.after.peek() !== null) {
            this.#liveReply.begin(reply);
            return;
        }
        this.#newFollower(reply).follow();
    }

    #newFollower(reply: Message): ReplyFollower {
        this.#unfollow();
        const parts = {
            ...this.#parts,
            live: this.#liveReply,
            ended: (message: Message) => this.told({ kind: 'ended', message }),
            gone: () => void this.read(),
        };
        this.#follower = new ReplyFollower(parts, reply);
        const ahead = this.#ahead.get(reply.message_id);
        if (ahead !== undefined) this.#liveReply.waiting(ahead);
        return this.#follower;
    }

    #unfollow(): void {
        this.#follower?.stop();
        this.#follower = null;
        this.#liveReply.end();
    }

    /** One that has ended moves up those that wait behind it in this interaction. */
    #moveUp(ended: string): void {
        this.#ahead.delete(ended);
        for (const [messageId, ahead] of this.#ahead) this.#ahead.set(messageId, Math.max(0, ahead - 1));
    }

    #reload(): Promise<void> {
        if (this.status.peek() === 'failed') this.status.value = 'loading';
        return this.read();
    }

    async #loadOlder(): Promise<void> {
        const { id } = this;
        const { older } = this.#branch.peek();
        if (id === null || older === null || this.loadingOlder.peek()) return;
        this.loadingOlder.value = true;
        const answer = await this.#parts.routes.messages(id, older, olderPage);
        batch(() => {
            this.loadingOlder.value = false;
            if (answer.ok) this.#branch.value = branches.withOlder(this.#branch.peek(), answer.value);
        });
        if (!answer.ok && answer.status === 404) void this.read();
        else if (!answer.ok && answer.status !== 401) this.#parts.notices.failed(answer.failure);
    }

    #send(text: string): Promise<void> {
        this.#sendAt(text, undefined, null);
        return Promise.resolve();
    }

    #edit(messageId: string, text: string): Promise<void> {
        const old = this.#branch.peek().messages.find((message) => message.message_id === messageId);
        if (old !== undefined) this.#sendAt(text, old.parent_id, messageId);
        return Promise.resolve();
    }

    #sendAt(text: string, parentId: string | null | undefined, edited: string | null): void {
        if (text.trim() === '' || this.status.peek() === 'absent') return;
        const { outbox, environment, owner } = this.#parts;
        batch(() => {
            const unsent: Unsent = {
                key: environment.newKey(),
                owner: owner(),
                interactionId: this.id,
                creation: this.id === null ? this.#creation() : null,
                text,
                parentId,
                edited,
                at: environment.clock.now(),
            };
            outbox.send(unsent);
            if (edited === null) this.#draft.clear();
            this.editing.value = null;
        });
    }

    /** All messages of a new chat that are on their way share one: the interaction is made once. */
    #creation(): NonNullable<Unsent['creation']> {
        const begun = this.#entries.peek()[0]?.unsent.creation;
        if (begun != null) return begun;
        const settings = this.settings.peek();
        const body: NewInteraction = Object.keys(settings).length === 0 ? {} : { settings };
        this.#lane.value = this.#parts.environment.newKey();
        return { key: this.#lane.peek(), body };
    }

    #discard(key: string): void {
        batch(() => {
            const unsent = this.#parts.outbox.discard(key);
            if (unsent === null) return;
            this.#parts.drafts.giveBack(this.id, unsent.text);
            if (unsent.edited !== null) this.editing.value = unsent.edited;
        });
    }

    async #stop(): Promise<void> {
        const { id } = this;
        const { messageId } = this.#liveReply;
        if (id === null || messageId === null) {
            this.#stopWanted = this.live.peek() !== null; // as soon as it is known what is to be stopped
            return;
        }
        this.#stopWanted = false;
        const answer = await this.#parts.routes.stop(id, messageId);
        if (isAborted(this.#closed.signal)) return;
        if (answer.ok) this.told({ kind: 'ended', message: answer.value });
        else this.#parts.notices.failed(answer.failure);
    }

    async #regenerate(messageId: string, settings: SettingsInput | undefined): Promise<void> {
        const message = this.#branch.peek().messages.find((each) => each.message_id === messageId);
        if (message === undefined) return;
        await this.#regeneration.begin(message, settings, (turn, abort) =>
            isAborted(this.#closed.signal) ? null : this.begun(turn, abort),
        );
        this.#follow();
    }

    async #showSibling(messageId: string, index: number): Promise<void> {
        const { id } = this;
        if (id === null) return;
        const { routes, store, notices } = this.#parts;
        const sibling = await routes.sibling(id, messageId, index);
        const chosen = sibling.ok
            ? await routes.changeInteraction(id, { active_branch: sibling.value.branch_id })
            : sibling;
        if (isAborted(this.#closed.signal)) return;
        if (!chosen.ok) {
            notices.failed(chosen.failure);
            return;
        }
        store.take(chosen.value);
        await this.read();
    }

    async #changeSettings(settings: SettingsInput): Promise<Failure | null> {
        const { id } = this;
        if (id === null) {
            this.#ownSettings.value = { ...this.#ownSettings.peek(), ...settings };
            return null;
        }
        const answer = await this.#parts.routes.changeInteraction(id, { settings });
        if (!answer.ok) return answer.failure;
        this.#parts.store.take(answer.value);
        return null;
    }
}
