// What happens to the user's interactions. A browser has six connections for one server, whatever the number of its
// tabs: so one tab of each user leads, reads the stream and tells the others. Who has the lowest name leads, if several
// want to; one that does not answer any more is replaced.
import { computed, effect, signal, untracked } from '@preact/signals';

import type { Channel } from '../api/environment';
import type { ServerEvent } from '../api/event_stream';
import type { Routes } from '../api/routes';
import type { Access } from './patience';
import { readUserEvent, type UserEvent } from './user_event';
import { UserStream, type ConnectionState } from './user_stream';

/** What tabs say to each other. `lead` answers `hello`, and is said when somebody begins to lead. */
type Saying =
    | { say: 'hello' | 'leave' }
    | { say: 'lead'; last: string | null; connection: ConnectionState }
    | { say: 'event'; event: ServerEvent };
type Said = Saying & { from: string };

/** Another tab that leads has answered by then. */
export const answersWithin = 100;
const silentWithin = 2_000; // it may be busy with painting
const asksEvery = 20_000;

interface Parts extends Access {
    routes: Routes;
    /** Whose events they are; null: nobody's, or of nobody who may ask. */
    who: () => string | null;
    take: (event: UserEvent) => void;
}

export class UserEvents {
    readonly connection = signal<ConnectionState>('connecting');
    readonly #parts: Parts;
    readonly #name: string;
    readonly #stream: UserStream;
    #channel: Channel | null = null;
    #leader: string | null = null;
    /** The last event that was told here. */
    #last: string | null = null;
    #cancel: () => void = () => undefined;
    #left = false;

    constructor(parts: Parts) {
        this.#parts = parts;
        this.#name = parts.environment.newKey();
        this.#stream = new UserStream({ ...parts, take: (event) => this.#read(event) });
    }

    start(): void {
        const { page } = this.#parts.environment;
        const who = computed(() => this.#parts.who());
        effect(() => {
            const name = who.value;
            untracked(() => this.#join(name));
        });
        effect(() => {
            const connection = this.#stream.connection.value;
            untracked(() => {
                if (this.#leads) this.#tellLead(connection);
            });
        });
        page.on('leaving', () => {
            this.#left = this.#channel !== null;
            this.#leave();
        });
        page.on('shown', () => {
            if (this.#left) this.#join(this.#parts.who());
            else if (this.#leader !== null && !this.#leads) this.#ask();
        });
    }

    get #leads(): boolean {
        return this.#leader === this.#name;
    }

    #join(who: string | null): void {
        this.#leave();
        this.#left = false;
        if (who === null) return;
        this.#last = null;
        this.#channel = this.#parts.environment.channel(`parley.events.${who}`, (said) =>
            this.#hear(said as Said),
        );
        this.#say({ say: 'hello' });
        this.#later(answersWithin, () => this.#lead());
    }

    #leave(): void {
        this.#cancel();
        this.#stream.stop();
        if (this.#leads) this.#say({ say: 'leave' });
        this.#leader = null;
        this.#channel?.close();
        this.#channel = null;
        this.connection.value = 'connecting';
    }

    #lead(): void {
        this.#cancel();
        this.#leader = this.#name;
        this.#stream.start(this.#last);
        this.#tellLead(this.#stream.connection.peek());
    }

    #tellLead(connection: ConnectionState): void {
        this.connection.value = connection;
        this.#say({ say: 'lead', last: this.#last, connection });
    }

    /** An event of the own stream, which is told to the others, too. */
    #read(event: ServerEvent): void {
        this.#say({ say: 'event', event });
        this.#take(event);
    }

    #take(event: ServerEvent): void {
        if (event.id !== null) this.#last = event.id;
        const read = readUserEvent(event);
        if (read !== null) this.#parts.take(read);
    }

    #hear(said: Said): void {
        switch (said.say) {
            case 'hello':
                if (this.#leads) this.#tellLead(this.connection.peek());
                break;
            case 'lead':
                this.#hearLead(said.from, said.last, said.connection);
                break;
            case 'event':
                if (said.from === this.#leader) this.#take(said.event);
                break;
            case 'leave':
                if (said.from === this.#leader) this.#replace();
                break;
        }
    }

    #hearLead(leader: string, last: string | null, connection: ConnectionState): void {
        if (this.#leads && this.#name < leader) {
            this.#tellLead(this.connection.peek());
            return;
        }
        if (this.#leads) this.#stream.stop();
        // What was told before this one came, or between two that led, may be missed.
        const missed = this.#leader !== leader && (this.#last === null || this.#last !== last);
        this.#leader = leader;
        this.#last = last;
        this.connection.value = connection;
        this.#later(asksEvery, () => this.#ask());
        if (missed) this.#parts.take({ kind: 'reset' });
    }

    /** Whether the one that leads is still there. */
    #ask(): void {
        this.#say({ say: 'hello' });
        this.#later(silentWithin, () => this.#replace());
    }

    /** Not all at once. */
    #replace(): void {
        this.#later(answersWithin * this.#parts.environment.random(), () => this.#lead());
    }

    #later(ms: number, run: () => void): void {
        this.#cancel();
        this.#cancel = this.#parts.environment.clock.after(ms, run);
    }

    #say(said: Saying): void {
        this.#channel?.post({ ...said, from: this.#name });
    }
}
