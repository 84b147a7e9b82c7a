// Puts the parts of the state together: who tells whom.
import { batch, effect, untracked } from '@preact/signals';

import { AdministrationRoutes } from '../api/administration_routes';
import { browserEnvironment } from '../api/browser';
import { Client } from '../api/client';
import type { Environment } from '../api/environment';
import { Routes } from '../api/routes';
import type { Interaction, Turn } from '../api/types';
import { t } from '../i18n';
import { AskedAdministration } from './administration';
import { ChatHolder } from './chat_holder';
import type { AppState, Failure } from './contract';
import { Drafts } from './drafts';
import { InteractionStore } from './interaction_store';
import { Interactions } from './interactions';
import { watchLooks } from './looked_at';
import { KnownModels } from './models';
import { ShownNotices } from './notices';
import { Outbox } from './outbox';
import { KeptPresets } from './presets';
import { Removal } from './removal';
import { Router } from './route';
import { SessionState } from './session';
import type { TurnSink } from './turn_request';
import type { Unsent } from './unsent';
import type { MessageNews, UserEvent } from './user_event';
import { UserEvents } from './user_events';

/** The list is read when the stream says that nothing is missed from then on; or after this time without it. */
const eventsMayTake = 400;

export function createAppState(environment: Environment = browserEnvironment()): AppState {
    const state = new State(environment);
    state.start();
    return {
        session: state.session,
        connection: state.events.connection,
        interactions: state.interactions,
        chat: state.chats.chat,
        models: state.models,
        presets: state.presets,
        administration: state.administration,
        notices: state.notices,
        route: state.router.route,
        go: (route) => state.router.go(route),
    };
}

class State {
    readonly session: SessionState;
    readonly events: UserEvents;
    readonly interactions: Interactions;
    readonly chats: ChatHolder;
    readonly models: KnownModels;
    readonly presets: KeptPresets;
    readonly administration: AskedAdministration;
    readonly notices: ShownNotices;
    readonly router: Router;

    readonly #environment: Environment;
    readonly #routes: Routes;
    readonly #store = new InteractionStore();
    readonly #removal: Removal;
    readonly #outbox: Outbox;
    readonly #drafts: Drafts;
    #user: string | null = null;

    constructor(environment: Environment) {
        this.#environment = environment;
        this.session = new SessionState(environment);
        const client = new Client(environment, this.session);
        const routes = (this.#routes = new Routes(client));
        const notices = (this.notices = new ShownNotices(environment));
        const store = this.#store;
        const access = {
            environment,
            routes,
            whenUsable: (aborted: AbortSignal) => this.session.whenUsable(aborted),
        };
        this.router = new Router(environment.page);
        this.presets = new KeptPresets(environment, this.session.owner);
        this.models = new KnownModels(environment, routes, () => this.session.status.peek() !== 'needs_key');
        this.administration = new AskedAdministration(environment, new AdministrationRoutes(client));
        const drafts = (this.#drafts = new Drafts(environment, this.session.owner.peek()));
        const removal = (this.#removal = new Removal({
            environment,
            routes,
            notices,
            removed: (id) => this.chats.removed(id),
            undone: (id) => this.chats.undone(id),
            deleted: (id) => this.#deleted(id),
        }));
        const outbox = (this.#outbox = new Outbox({
            ...access,
            named: (lane, interaction) => this.chats.named(lane, interaction),
            begun: (unsent, turn, abort) => this.#begun(unsent, turn, abort),
            expired: (unsent) => this.#expired(unsent),
            failed: (unsent, failure) => this.#notSent(unsent, failure),
        }));
        const chatParts = {
            ...access,
            store,
            outbox,
            drafts,
            notices,
            looked: watchLooks(environment),
            owner: () => this.session.owner.peek(),
            person: () => this.session.person(),
            newSettings: () => this.presets.settings(),
            absent: (id: string) => this.#deleted(id),
            takenBack: (unsent: Unsent) => void this.#takenBack(unsent),
        };
        this.chats = new ChatHolder(chatParts, this.router);
        this.interactions = new Interactions({
            ...access,
            store,
            removal,
            notices,
            isOpen: (id) => this.chats.open.id === id,
        });
        this.events = new UserEvents({
            ...access,
            who: () => (this.session.status.value === 'needs_key' ? null : this.session.owner.value),
            take: (event) => batch(() => this.#take(event)),
        });
    }

    start(): void {
        this.router.start();
        this.presets.start();
        this.models.start();
        this.#drafts.start();
        this.#removal.start();
        this.#outbox.start();
        this.interactions.start();
        this.session.start(
            this.#routes,
            () => this.#removal.deleteAtOnce(),
            () => this.#signedOut(),
        );
        this.chats.start(() => void this.models.refreshIfOld());
        this.events.start();
        this.#environment.clock.after(eventsMayTake, () => {
            if (!this.interactions.wasAsked) void this.interactions.reread();
        });
        effect(() => {
            const user = this.session.status.value === 'ready' ? this.session.user.value : null;
            if (user !== null) untracked(() => this.#ready(user.user_id));
        });
    }

    /** The server knows who asks: the first time, or again after a key was asked for. */
    #ready(userId: string): void {
        if (this.#user !== null && this.#user !== userId) this.#forgetUser();
        this.#user = userId;
        this.#drafts.setOwner(userId);
        this.#outbox.load(userId);
        this.chats.adoptUnsent();
        void this.models.refreshIfOld();
    }

    /** What the one before had is nobody else's. */
    #forgetUser(): void {
        this.#removal.forgetAll();
        this.notices.withdrawActions();
        this.interactions.clear();
        this.models.forget();
        this.chats.reset();
        void this.interactions.reread();
    }

    /** On purpose: of what was written only presets stay in this browser, for the same user. */
    #signedOut(): void {
        this.#outbox.erase();
        this.#drafts.erase();
        this.#user = null;
        this.#forgetUser();
    }

    #take(event: UserEvent): void {
        switch (event.kind) {
            case 'reset':
                void this.interactions.reread();
                if (this.chats.open.wasAsked) void this.chats.open.read();
                break;
            case 'interaction':
                this.#interactionTold(event.interaction);
                break;
            case 'deleted':
                this.#deleted(event.interactionId);
                break;
            default:
                this.#messageTold(event);
        }
    }

    #interactionTold(interaction: Interaction): void {
        const id = interaction.interaction_id;
        this.interactions.told(id);
        this.#store.take(interaction);
        if (this.chats.open.id === id) this.chats.open.interactionTold(interaction);
    }

    #messageTold(news: MessageNews): void {
        const { message } = news;
        const id = message.interaction_id;
        if (this.#store.isDeleted(id)) return;
        this.interactions.told(id);
        const isOwn = this.#outbox.told(message);
        if (this.#store.get(id) !== undefined) {
            const isNew = this.#store.touchedBy(message);
            if (news.kind === 'message' && isNew && !isOwn) this.#removal.callOff(id);
        } else if (news.kind === 'message') void this.#readInteraction(id); // it comes to the front from a page not read
        if (this.chats.open.id === id) this.chats.open.told(news);
    }

    async #readInteraction(id: string): Promise<void> {
        const answer = await this.#routes.interaction(id);
        if (answer.ok) this.#store.take(answer.value);
    }

    #deleted(id: string): void {
        batch(() => {
            this.#store.deleted(id);
            this.#removal.forget(id);
            this.#outbox.interactionDeleted(id);
            if (this.chats.open.id === id) this.chats.open.gone();
            this.#drafts.forget(id);
        });
    }

    #begun(unsent: Unsent, turn: Turn, abort: () => void): TurnSink | null {
        this.#store.touchedBy(turn.user_message);
        if (turn.reply !== null) this.#store.touchedBy(turn.reply);
        return this.chats.begun(unsent, turn, abort);
    }

    #expired(unsent: Unsent): void {
        this.#drafts.giveBack(unsent.interactionId, unsent.text);
        this.notices.info(t('state.not_sent_for_long'));
    }

    /** An interaction that was made for this message alone goes with it, unless something has come of it. */
    async #takenBack({ interactionId: id, creation }: Unsent): Promise<void> {
        if (id === null || creation === null || this.#outbox.isMeantFor(id)) return;
        const answer = await this.#routes.interaction(id);
        if (!answer.ok || !isUntouched(answer.value) || this.#outbox.isMeantFor(id)) return;
        this.chats.unmade(answer.value);
        const gone = await this.#routes.deleteInteraction(id, false);
        if (gone.ok) this.#deleted(id);
    }

    /** The chat shows it at the message; where another one is open, it has to be said. */
    #notSent(unsent: Unsent, failure: Failure): void {
        if (this.chats.shows(unsent)) return;
        const id = unsent.interactionId;
        const run = () => {
            this.router.go(id === null ? { page: 'new' } : { page: 'chat', id });
            if (id === null) this.chats.adoptUnsent();
        };
        this.notices.failed(failure, { label: t('state.look'), run });
    }
}

function isUntouched({ message_count, title, pinned, archived }: Interaction): boolean {
    return message_count === 0 && title === '' && !pinned && !archived;
}
