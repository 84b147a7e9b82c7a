// What the page's state offers to its views: signals to read and intentions to call. The state asks the server,
// follows its events and keeps what has to survive a reload; views only show it. No intention throws: what went
// wrong is told in the state itself or by `notices`.
import type { ReadonlySignal, Signal } from '@preact/signals';

import type {
    Interaction,
    Key,
    KeyCreate,
    ManagedUser,
    ManagedUserInput,
    Message,
    Model,
    NewKey,
    SettingsInput,
    UsageReport,
    User,
} from '../api/types';

/** Why something failed, in words that can be shown. `code` is the contract's, or `network`. */
export interface Failure {
    code: string;
    detail: string;
    param: string | null;
    /** Seconds after which a try makes sense, where the server told. */
    retryAfter: number | null;
}

export interface Session {
    /** `needs_key`: the server wants a key or token, or refuses the one there is. */
    status: ReadonlySignal<'starting' | 'ready' | 'needs_key' | 'unreachable'>;
    user: ReadonlySignal<User | null>;
    /** Why a key is asked for again; null at the first time. */
    refused: ReadonlySignal<Failure | null>;
    /** Whether requests carry a key (so that signing out means something). */
    hasKey: ReadonlySignal<boolean>;
    /** Whether the key that requests carry is the one that begins so (a key's `hint`). */
    carries(hint: string): boolean;
    /** `remember`: beyond this tab. False: it was refused, see `refused`. Drafts and the open chat stay. */
    submitKey(key: string, remember: boolean): Promise<boolean>;
    signOut(): void;
    rename(name: string): Promise<Failure | null>;
}

/** The stream of the user's events, by which tabs stay in step. */
export type Connection = ReadonlySignal<'connecting' | 'live' | 'lost'>;

export interface InteractionList {
    /** What the list shows now: of `archived` or not, that match `filter`, without those being deleted, pinned first, newest first. */
    visible: ReadonlySignal<Interaction[]>;
    filter: Signal<string>;
    archived: Signal<boolean>;
    hasMore: ReadonlySignal<boolean>;
    loading: ReadonlySignal<boolean>;
    failure: ReadonlySignal<Failure | null>;
    /** The next page; with a filter it goes on until something matches or the list ends. */
    loadMore(): Promise<void>;
    rename(id: string, title: string): Promise<void>;
    setPinned(id: string, pinned: boolean): Promise<void>;
    /** Done at once; `notices` offer to undo it. */
    setArchived(id: string, archived: boolean): Promise<void>;
    /** Hidden at once, deleted when the time for undoing is over (or the page goes). Offers the undoing by `notices`. */
    remove(id: string): void;
}

/** A message as the chat shows it. */
export interface ShownMessage {
    /** The same from the moment of sending on, through every change of `message`. */
    key: string;
    message: Message;
    /** Of a user's message that the server has not acknowledged. */
    sending: { state: 'under_way' } | { state: 'failed'; failure: Failure } | null;
}

/** The reply that is not over. */
export interface LiveReply {
    messageId: string | null; // null until the server has told it
    phase: 'sending' | 'waiting' | 'loading_model' | 'writing' | 'reconnecting';
    /** How many are served before it, while it waits. */
    ahead: number | null;
    /** 0–1, while its model is being loaded. */
    loaded: number | null;
    modelName: string | null;
    /** All that has come so far; changes at most once per frame. */
    text: string;
    reasoning: string;
}

export interface Chat {
    id: string | null; // null: a new chat that has no interaction yet
    interaction: ReadonlySignal<Interaction | null>;
    status: ReadonlySignal<'loading' | 'ready' | 'absent' | 'failed'>;
    failure: ReadonlySignal<Failure | null>;
    /** Loads it again after it failed. */
    reload(): Promise<void>;
    /** A stretch of the active branch, oldest first, without a gap. The reply that is being written is among them. */
    messages: ReadonlySignal<ShownMessage[]>;
    hasOlder: ReadonlySignal<boolean>;
    loadingOlder: ReadonlySignal<boolean>;
    loadOlder(): Promise<void>;
    live: ReadonlySignal<LiveReply | null>;
    draft: Signal<string>; // kept across reloads and sign-ins
    /** The message that is being edited, by its id; the composer shows `edited` instead of the draft. */
    editing: ReadonlySignal<string | null>;
    edited: Signal<string>;
    beginEdit(messageId: string, text: string): void;
    endEdit(): void;

    /** Sends the text (for `id` null after making the interaction). Nothing is sent twice, however often it is retried. */
    send(text: string): Promise<void>;
    /** Sends a failed one again under its key. */
    retry(key: string): Promise<void>;
    /** Takes a failed one back into the draft. */
    discard(key: string): void;
    stop(): Promise<void>;
    regenerate(messageId: string, settings?: SettingsInput): Promise<void>;
    /** Sends `text` in the place of a user's message, as a branch beside it. */
    edit(messageId: string, text: string): Promise<void>;
    /** Shows the sibling at `index` of those that share the message's parent, and makes its branch the active one. */
    showSibling(messageId: string, index: number): Promise<void>;
    /** How it talks to its model now; of a new chat: what it begins with. What is absent or null is the server's default. */
    settings: ReadonlySignal<SettingsInput>;
    /** Members left out stay as they are, null goes back to the default. A new chat keeps them for its beginning. */
    changeSettings(settings: SettingsInput): Promise<Failure | null>;
    /** The model of `settings`, null for the server's default. False: it stays as it was, which is told by `notices`. */
    chooseModel(name: string | null): Promise<boolean>;
}

export interface Preset {
    name: string;
    settings: SettingsInput;
}

export interface Presets {
    all: ReadonlySignal<Preset[]>;
    save(preset: Preset): void; // one of the same name is replaced
    remove(name: string): void;
    /** What a new chat begins with; null: the server's defaults. */
    forNewChats: Signal<string | null>;
}

export interface Models {
    all: ReadonlySignal<Model[]>;
    currency: ReadonlySignal<string>;
    refresh(): Promise<void>;
}

export interface Administration {
    ownKeys(): Promise<Key[] | Failure>;
    makeOwnKey(asked: KeyCreate): Promise<NewKey | Failure>;
    deleteOwnKey(keyId: string): Promise<Failure | null>;
    usage(from: string, to: string): Promise<UsageReport | Failure>;
    users(cursor: string | null): Promise<{ data: ManagedUser[]; next: string | null } | Failure>;
    makeUser(asked: ManagedUserInput): Promise<ManagedUser | Failure>;
    changeUser(userId: string, change: ManagedUserInput): Promise<ManagedUser | Failure>;
    deleteUser(userId: string): Promise<Failure | null>;
    keysOf(userId: string): Promise<Key[] | Failure>;
    makeKeyFor(userId: string, asked: KeyCreate): Promise<NewKey | Failure>;
    deleteKeyOf(userId: string, keyId: string): Promise<Failure | null>;
}

/** A short message at the edge of the page. */
export interface Notice {
    id: number;
    kind: 'info' | 'error';
    text: string;
    action: { label: string; run(): void } | null;
}

export interface Notices {
    shown: ReadonlySignal<Notice[]>;
    /** Shows a message for a moment. */
    info(text: string): number;
    dismiss(id: number): void;
    /** Whether somebody points at them or has the focus among them: meanwhile none goes by itself, and what can be undone waits. */
    hold(held: boolean): void;
}

export interface AppState {
    session: Session;
    connection: Connection;
    interactions: InteractionList;
    /** The chat that the address names (`#/c/<id>`), or a new one (`#/`); a new one becomes named by its first message. */
    chat: ReadonlySignal<Chat>;
    models: Models;
    presets: Presets;
    administration: Administration;
    notices: Notices;
    /** Of the sidebar's and dialogs' addresses: '#/', '#/c/<id>', '#/settings', '#/usage', '#/keys', '#/users'. */
    route: ReadonlySignal<Route>;
    go(route: Route): void;
}

export type Route =
    { page: 'new' } | { page: 'chat'; id: string } | { page: 'settings' | 'usage' | 'keys' | 'users' };

/** Whether an answer of `Administration` is a failure. */
export function isFailure(answer: object | null): answer is Failure {
    return answer !== null && 'code' in answer && 'detail' in answer;
}
