// Which chat is open: the one that the address names, or a new one, which gets its address by its first message.
import { batch, effect, signal, untracked, type ReadonlySignal } from '@preact/signals';

import type { Interaction, Turn } from '../api/types';
import { OpenChat, type ChatParts } from './chat';
import type { Chat, Route } from './contract';
import type { Router } from './route';
import type { TurnSink } from './turn_request';
import { laneOf, type Unsent } from './unsent';

export class ChatHolder {
    readonly chat: ReadonlySignal<Chat>;
    readonly #shown;
    readonly #parts: ChatParts;
    readonly #router: Router;
    #open: OpenChat;
    #opened: () => void = () => undefined;
    #leftForRemoval: string | null = null;

    constructor(parts: ChatParts, router: Router) {
        this.#parts = parts;
        this.#router = router;
        const route = router.route.peek();
        this.#open = new OpenChat(parts, route.page === 'chat' ? route.id : null);
        this.#shown = signal<Chat>(this.#open.face());
        this.chat = this.#shown;
    }

    get open(): OpenChat {
        return this.#open;
    }

    /** `opened` is called each time another chat is. */
    start(opened: () => void): void {
        this.#opened = opened;
        this.#open.start();
        effect(() => {
            const route = this.#router.route.value;
            untracked(() => this.#follow(route));
        });
    }

    /** What was not sent before the page was left may belong to the new chat. */
    adoptUnsent(): void {
        const unnamed = this.#parts.outbox.entries.peek().find(({ unsent }) => unsent.interactionId === null);
        if (unnamed !== undefined) this.#open.adopt(laneOf(unnamed.unsent));
    }

    named(lane: string, interaction: Interaction): void {
        this.#parts.store.take(interaction);
        if (this.#open.id !== null || this.#open.lane !== lane) return;
        batch(() => {
            this.#open.named(interaction);
            this.#shown.value = this.#open.face();
            // Dialogs have addresses, too: they stay open above it.
            if (this.#router.route.peek().page !== 'new') return;
            this.#router.go({ page: 'chat', id: interaction.interaction_id }, 'replace');
        });
    }

    begun(unsent: Unsent, turn: Turn, abort: () => void): TurnSink | null {
        return this.#open.id === unsent.interactionId ? this.#open.begun(turn, abort) : null;
    }

    shows(unsent: Unsent): boolean {
        return this.#open.lane === laneOf(unsent);
    }

    removed(id: string): void {
        this.#leftForRemoval = null;
        if (this.#open.id !== id) return;
        this.#leftForRemoval = id;
        this.#router.go({ page: 'new' }, 'replace');
    }

    undone(id: string): void {
        if (this.#leftForRemoval === id && this.#open.id === null) this.#router.go({ page: 'chat', id });
    }

    /** The interaction goes as if it had not been made: what was to be said in it belongs to a new chat. */
    unmade({ interaction_id: id, settings }: Interaction): void {
        this.#parts.drafts.moveToNew(id);
        if (this.#open.id !== id) return;
        batch(() => {
            this.#show(new OpenChat(this.#parts, null));
            if (this.#router.route.peek().page === 'chat') this.#router.go({ page: 'new' }, 'replace');
        });
        void this.#open.face().changeSettings(settings);
    }

    /** Another user asks now. */
    reset(): void {
        batch(() => {
            this.#show(new OpenChat(this.#parts, null));
            this.#router.go({ page: 'new' }, 'replace');
        });
    }

    #follow(route: Route): void {
        if (route.page === 'chat') {
            if (this.#open.id !== route.id) this.#show(new OpenChat(this.#parts, route.id));
        } else if (route.page === 'new' && !(this.#open.id === null && this.#open.isEmpty)) {
            this.#show(new OpenChat(this.#parts, null));
            const refused = this.#parts.outbox.entries
                .peek()
                .find(({ unsent, active }) => unsent.interactionId === null && !active);
            if (refused !== undefined) this.#open.adopt(laneOf(refused.unsent));
        }
    }

    #show(chat: OpenChat): void {
        this.#open.close();
        this.#open = chat;
        this.#shown.value = chat.face();
        chat.start();
        this.#opened();
    }
}
