// The reply of a chat that is not over: who brings its text, and how many are served before it.
import type { ReadonlySignal } from '@preact/signals';

import type { Routes } from '../api/routes';
import type { Message } from '../api/types';
import { LiveReplyState } from './live_reply';
import type { Access } from './patience';
import { ReplyFollower } from './reply_follower';
import type { MessageNews } from './user_event';

interface Parts extends Access {
    routes: Routes;
    looked: ReadonlySignal<boolean>;
    ended: (reply: Message) => void;
    /** It cannot be followed: what is known of it is wrong. */
    lost: () => void;
}

export class Following {
    readonly live: LiveReplyState;
    readonly #parts: Parts;
    readonly #ahead = new Map<string, number>();
    readonly #ended = new Set<string>(); // an end is told by more than one
    #follower: ReplyFollower | null = null;

    constructor(parts: Parts) {
        this.#parts = parts;
        this.live = new LiveReplyState(parts.environment);
    }

    /** The reply whose events are read here. */
    get followed(): string | null {
        return this.#follower?.messageId ?? null;
    }

    /** Follows it from the start, unless it is followed already. `comes`: somebody else will bring its events. */
    follow(reply: Message | null, comes: boolean): void {
        if (reply !== null && reply.message_id === this.followed) return;
        if (reply === null) this.stop();
        else if (!comes) this.#new(reply).follow();
        else if (this.live.messageId !== reply.message_id) {
            this.stop();
            this.#begin(reply);
        }
    }

    /** Somebody else has opened its events and read their beginning; what is returned is to be given the rest. */
    adopt(reply: Message, abort: () => void): ReplyFollower {
        const follower = this.#new(reply);
        follower.adopt(abort);
        return follower;
    }

    told(news: MessageNews): void {
        const { message_id: id } = news.message;
        if (news.kind === 'waiting') this.#ahead.set(id, news.ahead);
        else if (news.kind === 'begun') this.#ahead.delete(id);
        else if (news.kind === 'ended') this.#moveUp(id);
        if (this.live.messageId !== id) return;
        if (news.kind === 'waiting') this.live.waiting(news.ahead);
        else if (news.kind === 'loading') this.live.loading(news.modelName, news.loaded);
        else if (news.kind === 'begun') this.live.begun();
    }

    stop(): void {
        this.#follower?.stop();
        this.#follower = null;
        this.live.end();
    }

    #new(reply: Message): ReplyFollower {
        this.stop();
        this.#begin(reply);
        const { live } = this;
        this.#follower = new ReplyFollower({ ...this.#parts, live, gone: this.#parts.lost }, reply);
        return this.#follower;
    }

    #begin(reply: Message): void {
        this.live.begin(reply);
        const ahead = this.#ahead.get(reply.message_id);
        if (ahead !== undefined) this.live.waiting(ahead);
    }

    /** Those that wait behind it in this interaction; the line before a model is told each time it changes. */
    #moveUp(ended: string): void {
        if (this.#ended.has(ended)) return;
        this.#ended.add(ended);
        this.#ahead.delete(ended);
        for (const [messageId, ahead] of this.#ahead) this.#ahead.set(messageId, Math.max(0, ahead - 1));
    }
}
