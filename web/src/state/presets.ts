// Settings under a name, kept in this browser.
import { effect, signal } from '@preact/signals';

import type { Environment } from '../api/environment';
import type { SettingsInput } from '../api/types';
import type { Preset, Presets } from './contract';
import { isRecord, Kept, keptName } from './storage';

const allName = 'presets';
const chosenName = 'preset';

export class KeptPresets implements Presets {
    readonly all = signal<Preset[]>([]);
    readonly forNewChats = signal<string | null>(null);
    readonly #environment: Environment;
    readonly #kept: Kept;

    constructor(environment: Environment) {
        this.#environment = environment;
        this.#kept = new Kept(environment.local);
        this.#read();
        this.forNewChats.value = this.#kept.get(chosenName);
    }

    start(): void {
        effect(() => {
            const chosen = this.forNewChats.value;
            if (chosen === this.#kept.get(chosenName)) return;
            if (chosen === null) this.#kept.remove(chosenName);
            else this.#kept.set(chosenName, chosen);
        });
        this.#environment.page.onStored((name) => {
            if (keptName(name) === allName) this.#read();
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

    #set(presets: Preset[]): void {
        this.all.value = presets;
        this.#kept.setJson(allName, presets);
    }

    #read(): void {
        this.all.value = this.#kept.getJson(allName, isPresets) ?? [];
    }
}

function isPresets(value: unknown): value is Preset[] {
    return (
        Array.isArray(value) &&
        value.every((one) => isRecord(one) && typeof one['name'] === 'string' && isRecord(one['settings']))
    );
}
