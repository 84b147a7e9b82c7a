// What was written and not sent, by interaction (and of the new chat), kept over reloads. Tabs with the same chat share it.
import { effect, signal, type Signal } from '@preact/signals';

import type { Environment } from '../api/environment';
import { longestMessage } from './longest_message';
import { isRecord, Kept, keptName, readJson } from './storage';

const settles = 400;
const most = 50;
const newChat = 'new';

interface KeptDraft {
    text: string;
    at: number;
}

interface Open {
    name: string;
    text: Signal<string>;
    kept: string;
    /** It is what another tab has written, and nothing else. */
    isHeard: boolean;
    stop(): void;
    cancel(): void;
}

export class Drafts {
    readonly #environment: Pick<Environment, 'clock' | 'page'>;
    readonly #kept: Kept;
    readonly #open = new Set<Open>();
    #owner: string;

    constructor(environment: Pick<Environment, 'clock' | 'page' | 'local'>, owner: string | null) {
        this.#environment = environment;
        this.#kept = new Kept(environment.local);
        this.#owner = owner ?? '';
    }

    start(): void {
        this.#environment.page.on('leaving', () => this.#flush());
        this.#environment.page.on('hidden', () => this.#flush());
        this.#environment.page.onStored((name, value) => {
            const told = readJson(value, isKeptDraft); // one that is gone was dropped, which changes none that is open
            if (told !== null) this.#told(keptName(name), told.text);
        });
        this.#environment.page.on('restored', () => {
            for (const draft of this.#open) this.#hear(draft, this.#read(draft.name));
        });
    }

    /** The draft of a chat, to be read and written; null: of the new one. It is kept until it is closed. */
    open(interactionId: string | null): Draft {
        const name = interactionId ?? newChat;
        const kept = this.#read(name);
        const draft: Open = {
            name,
            text: signal(kept),
            kept,
            isHeard: false,
            stop: nothing,
            cancel: nothing,
        };
        draft.stop = effect(() => {
            if (draft.text.value === draft.kept) return;
            draft.isHeard = false;
            draft.cancel();
            draft.cancel = this.#environment.clock.after(settles, () => this.#write(draft));
        });
        this.#open.add(draft);
        return {
            text: draft.text,
            rename: (id) => {
                // What another tab writes for a new chat stays where it is.
                if (!draft.isHeard) this.#keep(draft.name, '');
                draft.name = id;
                draft.kept = '';
                if (draft.isHeard) draft.text.value = '';
                this.#write(draft);
            },
            /** At once: it has become a message that is kept elsewhere. */
            clear: () => {
                draft.text.value = '';
                this.#write(draft);
            },
            close: () => {
                this.#write(draft);
                draft.stop();
                this.#open.delete(draft);
            },
        };
    }

    /** Puts a text in front of what is there. */
    giveBack(interactionId: string | null, text: string): void {
        const name = interactionId ?? newChat;
        const open = [...this.#open].find((draft) => draft.name === name);
        if (open !== undefined) {
            open.text.value = joined(text, open.text.peek());
            this.#write(open);
        } else this.#keep(name, joined(text, this.#read(name)));
    }

    /** What was written in a chat goes on in the new one. */
    moveToNew(interactionId: string): void {
        const open = [...this.#open].find(({ name }) => name === interactionId);
        const text = open?.text.peek() ?? this.#read(interactionId);
        if (open !== undefined) open.text.value = '';
        this.#remove(interactionId);
        if (text !== '') this.giveBack(null, text);
    }

    forget(interactionId: string): void {
        this.#remove(interactionId);
    }

    /** It is known now whose drafts these are; those of somebody else are not shown. */
    setOwner(owner: string): void {
        if (owner === this.#owner) return;
        const wasNobody = this.#owner === '';
        for (const draft of this.#open) {
            if (wasNobody) this.#remove(draft.name);
            else this.#write(draft);
        }
        this.#owner = owner;
        for (const draft of this.#open) {
            draft.kept = this.#read(draft.name);
            if (!wasNobody || draft.text.peek() === '') draft.text.value = draft.kept;
            this.#write(draft);
        }
    }

    /** Nothing of this owner stays in this browser. */
    erase(): void {
        for (const draft of this.#open) {
            draft.cancel();
            draft.kept = '';
            draft.text.value = '';
        }
        for (const name of this.#kept.names(this.#key(''))) this.#kept.remove(name);
    }

    /** Another tab has kept it; what is being typed here stays, and will be kept in its place. */
    #told(keptAs: string | null, text: string): void {
        for (const draft of this.#open) if (this.#key(draft.name) === keptAs) this.#hear(draft, text);
    }

    #hear(draft: Open, text: string): void {
        const isTyped = draft.text.peek() !== draft.kept;
        if (text !== draft.kept) draft.isHeard = !isTyped;
        draft.kept = text;
        if (!isTyped) draft.text.value = text;
    }

    #flush(): void {
        for (const draft of this.#open) this.#write(draft);
    }

    #write(draft: Open): void {
        draft.cancel();
        const text = draft.text.peek();
        if (text === draft.kept) return;
        if (this.#keep(draft.name, text)) draft.kept = text;
    }

    /** Whether it is kept as it is now. */
    #keep(name: string, text: string): boolean {
        if (text.length > longestMessage) return false;
        const isKept = this.#kept.get(this.#key(name)) !== null;
        if (text === '' && !isKept) return true;
        if (!isKept) this.#makeRoom();
        const draft: KeptDraft = { text, at: this.#environment.clock.now() };
        const done = this.#kept.setJson(this.#key(name), draft);
        if (text === '') this.#remove(name); // other tabs were told that it is empty, not only dropped
        return done;
    }

    #makeRoom(): void {
        const names = this.#kept.names(this.#key(''));
        if (names.length < most) return;
        const byAge = names
            .map((name) => ({ name, at: this.#kept.getJson(name, isKeptDraft)?.at ?? 0 }))
            .sort((one, other) => one.at - other.at);
        for (const { name } of byAge.slice(0, names.length - most + 1)) this.#kept.remove(name);
    }

    #read(name: string): string {
        return this.#kept.getJson(this.#key(name), isKeptDraft)?.text ?? '';
    }

    #remove(name: string): void {
        this.#kept.remove(this.#key(name));
    }

    #key(name: string): string {
        return `draft.${this.#owner}.${name}`;
    }
}

export interface Draft {
    text: Signal<string>;
    /** The new chat has become this interaction. */
    rename(interactionId: string): void;
    clear(): void;
    close(): void;
}

function isKeptDraft(value: unknown): value is KeptDraft {
    return isRecord(value) && typeof value['text'] === 'string' && typeof value['at'] === 'number';
}

function joined(text: string, rest: string): string {
    return rest === '' || rest === text ? text : `${text}\n\n${rest}`;
}

function nothing(): void {
    // Nothing is under way yet.
}
