// The reply that is being written, as far as it has come. Pieces are collected, and shown once per frame.
import { signal } from '@preact/signals';

import type { Environment } from '../api/environment';
import type { Message } from '../api/types';
import type { LiveReply } from './contract';
import { FrameBatcher } from './frame_batcher';

type Phase = 'waiting' | 'loading_model' | 'writing';

export class LiveReplyState {
    readonly value = signal<LiveReply | null>(null);
    readonly #batcher: FrameBatcher;

    #messageId: string | null = null;
    #phase: Phase = 'writing';
    #lost = false;
    #ahead: number | null = null;
    #loaded: number | null = null;
    #modelName: string | null = null;
    #text = new Pieces();
    #reasoning = new Pieces();
    #thoughtBytes = 0;

    constructor(environment: Pick<Environment, 'clock'>) {
        this.#batcher = new FrameBatcher(environment, () => this.#show());
    }

    get messageId(): string | null {
        return this.#messageId;
    }

    begin(reply: Message): void {
        this.#messageId = reply.message_id;
        this.#phase = reply.status === 'queued' ? 'waiting' : 'writing';
        this.#lost = false;
        this.#ahead = null;
        this.#loaded = null;
        this.#modelName = reply.model_name;
        // What was stored already is shown until its stream has told as much.
        this.#text = new Pieces(typeof reply.content === 'string' ? reply.content : '');
        this.#reasoning = new Pieces(reply.reasoning ?? '');
        this.#thoughtBytes = 0;
        this.#batcher.drop();
        this.#show();
    }

    /** Its events come from the start. */
    restart(): void {
        this.#text.restart();
        this.#reasoning.restart();
        this.#thoughtBytes = 0;
    }

    delta(text: string): void {
        this.#text.add(text);
        this.#writing();
    }

    /** `end`: the length of all thoughts in bytes behind this one. Those that were heard already may come again. */
    reasoning(text: string, end: number): void {
        const bytes = encoder.encode(text);
        const heard = this.#thoughtBytes - (end - bytes.length);
        if (heard < bytes.length) {
            this.#reasoning.add(heard <= 0 ? text : new TextDecoder().decode(bytes.subarray(heard)));
            this.#thoughtBytes = end;
        }
        this.#writing();
    }

    waiting(ahead: number): void {
        if (this.#text.any) return; // told late
        this.#phase = 'waiting';
        this.#ahead = ahead;
        this.#batcher.ask();
    }

    loading(modelName: string, loaded: number): void {
        if (this.#text.any) return;
        this.#phase = 'loading_model';
        this.#modelName = modelName;
        this.#loaded = loaded;
        this.#batcher.ask();
    }

    /** It does not wait any more for others in its interaction. */
    begun(): void {
        if (this.#phase !== 'waiting') return;
        this.#phase = 'writing';
        this.#ahead = null;
        this.#batcher.ask();
    }

    connected(connected: boolean): void {
        if (this.#lost !== connected) return;
        this.#lost = !connected;
        this.#batcher.ask();
    }

    end(): void {
        this.#batcher.drop();
        this.#messageId = null;
        this.value.value = null;
    }

    #writing(): void {
        this.#phase = 'writing';
        this.#ahead = null;
        this.#loaded = null;
        this.#batcher.ask();
    }

    #show(): void {
        this.value.value = {
            messageId: this.#messageId,
            phase: this.#lost ? 'reconnecting' : this.#phase,
            ahead: this.#ahead,
            loaded: this.#loaded,
            modelName: this.#modelName,
            text: this.#text.all(),
            reasoning: this.#reasoning.all(),
        };
    }
}

const encoder = new TextEncoder();

/** A text that grows by pieces, which are joined when somebody looks. */
class Pieces {
    #joined = '';
    #new: string[] = [];
    readonly #atLeast: string;

    constructor(atLeast = '') {
        this.#atLeast = atLeast;
    }

    /** Whether anything has come. */
    get any(): boolean {
        return this.#new.length > 0 || this.#joined !== '' || this.#atLeast !== '';
    }

    add(piece: string): void {
        this.#new.push(piece);
    }

    restart(): void {
        this.#joined = '';
        this.#new = [];
    }

    all(): string {
        if (this.#new.length > 0) {
            this.#joined += this.#new.join('');
            this.#new = [];
        }
        return this.#joined.length < this.#atLeast.length ? this.#atLeast : this.#joined;
    }
}
