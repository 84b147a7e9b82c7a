// Deleting with a time for undoing: hidden at once, deleted when its notice goes.
import { signal } from '@preact/signals';

import type { Environment } from '../api/environment';
import type { Routes } from '../api/routes';
import { t } from '../i18n';
import type { ShownNotices } from './notices';

interface Parts {
    environment: Environment;
    routes: Routes;
    notices: ShownNotices;
    /** It is hidden now. */
    removed(id: string): void;
    /** The person has undone it. */
    undone(id: string): void;
    /** It is gone from the server. */
    deleted(id: string): void;
}

export class Removal {
    readonly hidden = signal<ReadonlySet<string>>(new Set());
    readonly #parts: Parts;
    /** Their notices. */
    readonly #pending = new Map<string, number>();

    constructor(parts: Parts) {
        this.#parts = parts;
    }

    start(): void {
        this.#parts.environment.page.on('leaving', () => this.deleteAtOnce());
    }

    remove(id: string): void {
        if (this.hidden.peek().has(id)) return;
        const { notices } = this.#parts;
        const action = { label: t('state.undo'), run: () => this.#undo(id) };
        this.#pending.set(
            id,
            notices.info(t('state.removed'), action, () => void this.#delete(id, false)),
        );
        this.hidden.value = new Set([...this.hidden.peek(), id]);
        this.#parts.removed(id);
    }

    /** Nobody will undo anything any more: the page is left, or the person signs out. */
    deleteAtOnce(): void {
        for (const id of [...this.#pending.keys()]) void this.#delete(id, true);
    }

    /** Somebody has written into it meanwhile, which nobody wanted deleted. */
    callOff(id: string): void {
        if (!this.#settle(id)) return;
        this.#show(id);
        this.#parts.notices.info(t('state.not_removed'));
    }

    /** It was deleted from elsewhere: nothing is left to undo. */
    forget(id: string): void {
        this.#settle(id);
        this.#show(id);
    }

    /** Those that are hidden are not deleted any more: somebody else asks now. */
    forgetAll(): void {
        for (const id of [...this.hidden.peek()]) this.forget(id);
    }

    #undo(id: string): void {
        if (!this.#settle(id)) return;
        this.#show(id);
        this.#parts.undone(id);
    }

    async #delete(id: string, leaving: boolean): Promise<void> {
        if (!this.#settle(id)) return;
        const { routes, notices } = this.#parts;
        const answer = await routes.deleteInteraction(id, leaving);
        if (answer.ok || answer.status === 404) {
            this.#parts.deleted(id);
            this.#show(id);
            return;
        }
        this.#show(id);
        notices.failed(answer.failure);
    }

    #settle(id: string): boolean {
        const notice = this.#pending.get(id);
        if (notice === undefined) return false;
        this.#pending.delete(id);
        this.#parts.notices.withdraw(notice);
        return true;
    }

    #show(id: string): void {
        const hidden = new Set(this.hidden.peek());
        if (hidden.delete(id)) this.hidden.value = hidden;
    }
}
