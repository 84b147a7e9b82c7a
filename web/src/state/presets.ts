// Settings under a name, kept in this browser for each of its users.
import { batch, effect, signal, untracked, type ReadonlySignal } from '@preact/signals';

import type { Environment } from '../api/environment';
import type { SettingsInput } from '../api/types';
import type { Preset, Presets } from './contract';
import { isRecord, Kept, keptName } from './storage';

export class KeptPresets implements Presets {
    readonly all = signal<Preset[]>([]);
    readonly forNewChats = signal<string | null>(null);
    readonly #environment: Environment;
    readonly #kept: Kept;
    readonly #user: ReadonlySignal<string | null>;
    #owner = '';

    /** `user`: whose presets these are; null: not known yet. */
    constructor(environment: Environment, user: ReadonlySignal<string | null>) {
        this.#environment = environment;
        this.#kept = new Kept(environment.local);
        this.#user = user;
    }

    start(): void {
        effect(() => {
            const owner = this.#user.value ?? '';
            untracked(() => this.#takeUp(owner));
        });
        effect(() => {
            const chosen = this.forNewChats.value;
            untracked(() => this.#keepChosen(chosen));
        });
        this.#environment.page.onStored((name) => {
            if (keptName(name) === this.#allName) this.#read();
        });
    }

    /** What a new chat begins with. */
    settings(): SettingsInput {
        return this.all.value.find(({ name }) => name === this.forNewChats.value)?.settings ?? {};
    }

    save(preset: Preset): void {
        const others = this.all.peek().filter(({ name }) => name !== preset.name);
        this.#set([...others, preset].sort((one, other) => one.name.localeCompare(other.name)));
    }

    remove(name: string): void {
        this.#set(this.all.peek().filter((preset) => preset.name !== name));
        if (this.forNewChats.peek() === name) this.forNewChats.value = null;
    }

    get #allName(): string {
        return `presets.${this.#owner}`;
    }

    get #chosenName(): string {
        return `preset.${this.#owner}`;
    }

    #takeUp(owner: string): void {
        batch(() => {
            this.#owner = owner;
            this.#read();
            this.forNewChats.value = this.#kept.get(this.#chosenName);
        });
    }

    #set(presets: Preset[]): void {
        this.all.value = presets;
        this.#kept.setJson(this.#allName, presets);
    }

    #read(): void {
        this.all.value = this.#kept.getJson(this.#allName, isPresets) ?? [];
    }

    #keepChosen(chosen: string | null): void {
        if (chosen === this.#kept.get(this.#chosenName)) return;
        if (chosen === null) this.#kept.remove(this.#chosenName);
        else this.#kept.set(this.#chosenName, chosen);
    }
}

function isPresets(value: unknown): value is Preset[] {
    return (
        Array.isArray(value) &&
        value.every((one) => isRecord(one) && typeof one['name'] === 'string' && isRecord(one['settings']))
    );
}
