// One chat that is open: what it shows, and what can be done with it.
import { batch, computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals';

import { isAborted } from '../api/aborted';
import type { NewInteraction, Routes } from '../api/routes';
import type { Interaction, Message, SettingsInput, Turn } from '../api/types';
import { t } from '../i18n';
import { isOver, unfinished, upTo } from './branch';
import { BranchPage } from './branch_page';
import { sendingOnly } from './chat_live';
import type { Chat, Failure, LiveReply } from './contract';
import type { Draft, Drafts } from './drafts';
import { Following } from './following';
import type { InteractionStore } from './interaction_store';
import type { ShownNotices } from './notices';
import type { Outbox } from './outbox';
import type { Access } from './patience';
import { Regeneration } from './regeneration';
import { ShownMessages } from './shown_messages';
import type { TurnSink } from './turn_request';
import { keyOf, laneOf, type Unsent } from './unsent';
import type { MessageNews } from './user_event';

export interface ChatParts extends Access {
    routes: Routes;
    store: InteractionStore;
    outbox: Outbox;
    drafts: Drafts;
    notices: ShownNotices;
    looked: ReadonlySignal<boolean>;
    owner: () => string | null;
    /** Another one when somebody else asks. */
    person: () => number;
    /** What a new chat begins with. */
    newSettings: () => SettingsInput;
    /** The server has no such interaction (any more). */
    absent: (id: string) => void;
    /** A message that was not sent is a draft again. */
    takenBack: (unsent: Unsent) => void;
}

export class OpenChat {
    readonly editing = signal<string | null>(null);
    readonly edited = signal('');

    readonly #parts: ChatParts;
    readonly #id = signal<string | null>(null);
    /** Under which its messages are sent: of a new chat the key of its making. */
    readonly #lane = signal('');
    readonly #ownSettings = signal<SettingsInput>({});
    readonly #page: BranchPage;
    readonly #following: Following;
    readonly #regeneration: Regeneration;
    readonly #draft: Draft;
    readonly #shown = new ShownMessages();
    readonly #closed = new AbortController();
    #stopWatching: () => void = () => undefined;
    /** The reply was stopped before the server had told which it is: that to the message with this key or id. */
    #stopWanted: string | null = null;

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
        const { messages } = this.#page.branch.value;
        const cut = this.#regeneration.after.value;
        return this.#shown.of(cut === null ? messages : upTo(messages, cut), this.#entries.value);
    });

    /** The last message, when it was told before the request that sent it was answered: its reply comes. */
    readonly #unanswered = computed<Message | null>(() => {
        const last = this.#page.branch.value.messages.at(-1);
        return last !== undefined && this.#parts.outbox.isOnItsWay(last) ? last : null;
    });

    readonly live = computed<LiveReply | null>(() => {
        const sends =
            this.#regeneration.after.value !== null ||
            this.#unanswered.value !== null ||
            this.#entries.value.some(({ failure }) => !failure);
        return this.#following.live.value.value ?? (sends ? sendingOnly : null);
    });

    constructor(parts: ChatParts, id: string | null) {
        this.#parts = parts;
        this.#id.value = id;
        this.#lane.value = id ?? parts.environment.newKey();
        this.#draft = parts.drafts.open(id);
        this.#regeneration = new Regeneration({
            ...parts,
            uncertain: () => {
                if (!isAborted(this.#closed.signal)) void this.read();
            },
        });
        this.#page = new BranchPage({
            ...parts,
            wasRead: (messages, meanwhile) => this.#wasRead(messages, meanwhile),
            absent: () => {
                if (this.id !== null) parts.absent(this.id);
            },
        });
        this.#following = new Following({
            ...parts,
            ended: (message) => this.told({ kind: 'ended', message }),
            lost: () => void this.read(),
        });
    }

    get id(): string | null {
        return this.#id.peek();
    }

    get lane(): string {
        return this.#lane.peek();
    }

    /** Whether it has been read, or is about to be. */
    get wasAsked(): boolean {
        return this.#page.isReading || this.#page.status.peek() !== 'loading';
    }

    /** Nothing was sent. */
    get isEmpty(): boolean {
        return this.#entries.peek().length === 0;
    }

    start(): void {
        if (this.id === null) this.#page.status.value = 'ready';
        else void this.read();
        this.#stopWatching = effect(() => {
            const sends = this.#parts.outbox.sending.value.has(this.#lane.value);
            if (!sends) untracked(() => this.#follow());
        });
    }

    /** Nobody looks any more. What is on its way goes on. */
    close(): void {
        this.#closed.abort();
        this.#page.stop();
        this.#following.stop();
        this.#stopWatching();
        this.#draft.close();
    }

    /** As the views see it. It is another one when the chat gets its interaction. */
    face(): Chat {
        const { status, failure, hasOlder, loadingOlder } = this.#page;
        const { interaction, messages, live, editing, edited, settings } = this;
        return {
            id: this.id,
            interaction,
            status,
            failure,
            reload: () => this.#withId((id) => this.#page.reload(id)),
            messages,
            hasOlder,
            loadingOlder,
            loadOlder: () => this.#withId((id) => this.#page.loadOlder(id)),
            live,
            draft: this.#draft.text,
            editing,
            edited,
            beginEdit: (messageId, text) => this.#beginEdit(messageId, text),
            endEdit: () => (this.editing.value = null),
            send: (text) => this.#send(text, undefined, null),
            retry: (key) => this.#retry(key),
            discard: (key) => this.#discard(key),
            stop: () => this.#stop(),
            regenerate: (messageId, wanted) => this.#regenerate(messageId, wanted),
            edit: (messageId, text) => this.#edit(messageId, text),
            showSibling: (messageId, index) => this.#withId((id) => this.#showSibling(id, messageId, index)),
            settings,
            changeSettings: (changed) => this.#changeSettings(changed),
            chooseModel: (name) => this.#chooseModel(name),
        };
    }

    /** Reads the newest page (again): at the beginning, and when events may have been missed. */
    read(): Promise<void> {
        return this.#withId((id) => this.#page.read(id));
    }

    told(news: MessageNews): void {
        batch(() => {
            this.#page.place(news);
            if (this.#page.status.peek() !== 'ready') return;
            this.#parts.outbox.told(news.message);
            this.#following.told(news); // who moves up is shown so when it is followed
            this.#follow();
        });
    }

    interactionTold(interaction: Interaction): void {
        this.#page.interactionTold(interaction);
    }

    /** Its interaction was deleted. */
    gone(): void {
        batch(() => {
            this.#following.stop();
            this.#page.gone();
        });
    }

    /** Messages of a new chat that were not sent before a reload are this one's. */
    adopt(lane: string): void {
        if (this.id === null && this.isEmpty) this.#lane.value = lane;
    }

    /** The new chat has got its interaction. */
    named({ interaction_id, active_branch }: Interaction): void {
        batch(() => {
            this.#page.begin(active_branch);
            this.#id.value = interaction_id;
            this.#lane.value = interaction_id;
            this.#draft.rename(interaction_id);
        });
    }

    /** A turn of this chat was acknowledged. Answers who wants its events. */
    begun(turn: Turn, abort: () => void): TurnSink | null {
        const { user_message, reply } = turn;
        return batch(() => {
            this.#parts.store.touchedBy(user_message);
            this.told({ kind: 'message', message: user_message });
            if (reply === null) return null;
            this.#parts.store.touchedBy(reply);
            this.#page.place({ kind: 'begun', message: reply });
            this.#stopAsWanted();
            // Of several that wait, the first is followed; the others in their turn.
            const isFirst = unfinished(this.#page.branch.peek())?.message_id === reply.message_id;
            return isFirst && this.#following.followed !== reply.message_id
                ? this.#following.adopt(reply, abort)
                : null;
        });
    }

    #wasRead(messages: readonly Message[], meanwhile: MessageNews[]): void {
        for (const message of messages) this.#parts.outbox.told(message);
        for (const news of meanwhile) this.told(news);
        this.#follow();
    }

    #follow(): void {
        // A request that is under way may bring the events of what it began itself.
        const comes =
            this.#parts.outbox.sending.peek().has(this.lane) || this.#regeneration.after.peek() !== null;
        this.#following.follow(unfinished(this.#page.branch.peek()), comes);
        this.#stopAsWanted();
    }

    async #withId(run: (id: string) => Promise<void>): Promise<void> {
        if (this.id !== null) await run(this.id);
    }

    #beginEdit(messageId: string, text: string): void {
        batch(() => {
            this.editing.value = messageId;
            this.edited.value = text;
        });
    }

    #edit(messageId: string, text: string): Promise<void> {
        const old = this.#page.branch.peek().messages.find((message) => message.message_id === messageId);
        if (old !== undefined) return this.#send(text, old.parent_id, messageId);
        // Another branch is shown by now, in which it does not stand.
        batch(() => {
            this.editing.value = null;
            this.#parts.drafts.giveBack(this.id, text);
            this.#parts.notices.info(t('state.edited_is_gone'));
        });
        return Promise.resolve();
    }

    #send(text: string, parentId: string | null | undefined, edited: string | null): Promise<void> {
        const { outbox, environment, owner } = this.#parts;
        if (text.trim() !== '' && this.#page.status.peek() !== 'absent') {
            batch(() => {
                const creation = this.id === null ? this.#creation() : null;
                const key = environment.newKey();
                const at = environment.clock.now();
                const interactionId = this.id;
                outbox.send({ key, owner: owner(), interactionId, creation, text, parentId, edited, at });
                if (edited === null) this.#draft.clear();
                this.editing.value = null;
            });
        }
        return Promise.resolve();
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

    #retry(key: string): Promise<void> {
        this.#stopWanted = null;
        this.#parts.outbox.retry(key);
        return Promise.resolve();
    }

    #discard(key: string): void {
        batch(() => {
            const unsent = this.#parts.outbox.discard(key);
            if (unsent === null) return;
            // Another edit that has begun since keeps its place.
            const again = this.editing.peek() === null ? unsent.edited : null;
            if (again === null) this.#parts.drafts.giveBack(this.id, unsent.text);
            else this.#beginEdit(again, unsent.text);
            this.#parts.takenBack(unsent);
        });
    }

    async #stop(): Promise<void> {
        const { messageId } = this.#following.live;
        const reply = this.#page.branch.peek().messages.find((message) => message.message_id === messageId);
        if (reply !== undefined) await this.#stopReply(reply);
        else this.#stopWanted = this.#replyComesTo(); // as soon as it is known which it is
    }

    /** The key or id of the message whose reply comes next. */
    #replyComesTo(): string | null {
        const sent = this.#entries.peek().find(({ failure }) => failure === null);
        return this.#unanswered.peek()?.message_id ?? sent?.unsent.key ?? this.#regeneration.after.peek();
    }

    /** However it became known: by the answer to what was sent, by an event, or by reading again. */
    #stopAsWanted(): void {
        const wanted = this.#stopWanted;
        if (wanted === null) return;
        const { messages } = this.#page.branch.peek();
        const to = messages.find((message) => message.message_id === wanted || keyOf(message) === wanted);
        if (to === undefined) return;
        const replies = messages.filter((each) => each.parent_id === to.message_id);
        const reply = replies.find((each) => !isOver(each));
        if (reply !== undefined) void this.#stopReply(reply);
        // It is over already: a later one is another matter.
        else if (replies.length > 0 && this.#regeneration.after.peek() === null) this.#stopWanted = null;
    }

    async #stopReply(reply: Message): Promise<void> {
        this.#stopWanted = null;
        const answer = await this.#parts.routes.stop(reply.interaction_id, reply.message_id);
        if (isAborted(this.#closed.signal)) return;
        if (answer.ok) this.told({ kind: 'ended', message: answer.value });
        else this.#parts.notices.failed(answer.failure);
    }

    async #regenerate(messageId: string, settings: SettingsInput | undefined): Promise<void> {
        const message = this.#page.branch.peek().messages.find((each) => each.message_id === messageId);
        if (message === undefined) return;
        this.#stopWanted = null;
        await this.#regeneration.begin(message, settings, (turn, abort) =>
            isAborted(this.#closed.signal) ? null : this.begun(turn, abort),
        );
        if (!isAborted(this.#closed.signal)) this.#follow();
    }

    async #showSibling(id: string, messageId: string, index: number): Promise<void> {
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

    async #chooseModel(name: string | null): Promise<boolean> {
        const failure = await this.#changeSettings({ model_name: name });
        if (failure !== null) this.#parts.notices.failed(failure);
        return failure === null;
    }

    async #changeSettings(settings: SettingsInput): Promise<Failure | null> {
        if (this.id === null) {
            this.#ownSettings.value = { ...this.#ownSettings.peek(), ...settings };
            return null;
        }
        const answer = await this.#parts.routes.changeInteraction(this.id, { settings });
        if (!answer.ok) return answer.failure;
        this.#parts.store.take(answer.value);
        return null;
    }
}
