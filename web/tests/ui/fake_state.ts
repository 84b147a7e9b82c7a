// A state whose signals tests set, and whose intentions tests watch.
import { signal } from '@preact/signals';
import { vi } from 'vitest';

import type { Key, ManagedUser, Model, NewKey, SettingsInput, User } from '../../src/api/types';
import type { Administration, AppState, Chat, Failure, Preset } from '../../src/state/contract';

const noLimits = {
    requests_per_minute: null,
    concurrent_streams: null,
    queued_generations: null,
    tokens_per_day: null,
};

export function aModel(model: Partial<Model> = {}): Model {
    return {
        name: 'small',
        kind: 'llama',
        state: 'ready',
        problem: null,
        context_window: 8192,
        default: true,
        description: '',
        abilities: { tools: false, structured_output: false, images: false },
        price: null,
        targets: [],
        ...model,
    };
}

export function aKey(key: Partial<Key> = {}): Key {
    return {
        key_id: 'key-1',
        user_id: 'user-1',
        name: 'laptop',
        hint: 'parley_AbCd',
        scopes: ['read', 'write'],
        created_at: '2026-01-31T09:30:00.125Z',
        expires_at: null,
        last_used_at: null,
        limits: noLimits,
        ...key,
    };
}

export function aNewKey(key: Partial<NewKey> = {}): NewKey {
    return { ...aKey(), key: 'parley_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcdefg', ...key };
}

export function aUser(user: Partial<ManagedUser> = {}): ManagedUser {
    return {
        user_id: 'user-1',
        name: 'Ada',
        extra: {},
        is_admin: false,
        limits: noLimits,
        created_at: '2026-01-31T09:30:00.125Z',
        ...user,
    };
}

export function aFailure(failure: Partial<Failure> = {}): Failure {
    return { code: 'internal_error', detail: 'Something broke.', param: null, retryAfter: null, ...failure };
}

export function fakeAdministration() {
    return {
        ownKeys: vi.fn<Administration['ownKeys']>().mockResolvedValue([]),
        makeOwnKey: vi.fn<Administration['makeOwnKey']>().mockResolvedValue(aNewKey()),
        deleteOwnKey: vi.fn<Administration['deleteOwnKey']>().mockResolvedValue(null),
        usage: vi.fn<Administration['usage']>().mockResolvedValue(aFailure()),
        users: vi.fn<Administration['users']>().mockResolvedValue({ data: [], next: null }),
        makeUser: vi.fn<Administration['makeUser']>().mockResolvedValue(aUser()),
        changeUser: vi.fn<Administration['changeUser']>().mockResolvedValue(aUser()),
        deleteUser: vi.fn<Administration['deleteUser']>().mockResolvedValue(null),
        keysOf: vi.fn<Administration['keysOf']>().mockResolvedValue([]),
        makeKeyFor: vi.fn<Administration['makeKeyFor']>().mockResolvedValue(aNewKey()),
        deleteKeyOf: vi.fn<Administration['deleteKeyOf']>().mockResolvedValue(null),
    };
}

export function fakePresets(...before: Preset[]) {
    const all = signal(before);
    return {
        all,
        forNewChats: signal<string | null>(null),
        save: vi.fn((preset: Preset) => {
            all.value = [...all.value.filter((other) => other.name !== preset.name), preset];
        }),
        remove: vi.fn((name: string) => {
            all.value = all.value.filter((preset) => preset.name !== name);
        }),
    };
}

export function fakeSession() {
    return {
        status: signal<'starting' | 'ready' | 'needs_key' | 'unreachable'>('ready'),
        user: signal<User | null>(null),
        refused: signal<Failure | null>(null),
        hasKey: signal(false),
        carries: vi.fn<AppState['session']['carries']>().mockReturnValue(false),
        submitKey: vi.fn<AppState['session']['submitKey']>().mockResolvedValue(true),
        signOut: vi.fn<() => void>(),
        rename: vi.fn<AppState['session']['rename']>().mockResolvedValue(null),
    };
}

/** Only what dialogs and pages use of a state. */
export function fakeState(...models: Model[]) {
    const parts = {
        session: fakeSession(),
        administration: fakeAdministration(),
        presets: fakePresets(),
        models: {
            all: signal(models),
            currency: signal('EUR'),
            refresh: vi.fn<AppState['models']['refresh']>().mockResolvedValue(undefined),
        },
    };
    return { ...parts, state: parts as unknown as AppState };
}

/** Only what the settings use of a chat. */
export function fakeChat(settings: SettingsInput = {}) {
    const parts = {
        settings: signal(settings),
        changeSettings: vi.fn<Chat['changeSettings']>().mockResolvedValue(null),
    };
    return { ...parts, chat: parts as unknown as Chat };
}
