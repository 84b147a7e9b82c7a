// Who asks, and with which key.
import { computed, signal } from '@preact/signals';

import { isAborted } from '../api/aborted';
import type { Credentials } from '../api/client';
import type { Environment } from '../api/environment';
import type { Routes } from '../api/routes';
import type { User } from '../api/types';
import { t } from '../i18n';
import type { Failure, Session } from './contract';
import { Retry } from './retry';
import { Kept, keptName } from './storage';
import { until } from './until';

const keyName = 'key';
const userName = 'user';
const signedOutName = 'signed_out';

/** What a header takes. */
const isKeyText = (text: string | null): boolean => text !== null && /^[!-~]+$/.test(text);

export class SessionState implements Session, Credentials {
    readonly status = signal<'starting' | 'ready' | 'needs_key' | 'unreachable'>('starting');
    readonly user = signal<User | null>(null);
    readonly refused = signal<Failure | null>(null);
    readonly hasKey = computed(() => this.#key.value !== null);
    /** Whose things the browser keeps: the last user who was known in this tab, or in another. */
    readonly owner = signal<string | null>(null);

    readonly #environment: Environment;
    readonly #tab: Kept;
    readonly #browser: Kept;
    readonly #key = signal<string | null>(null);
    #onSigningOut: () => void = () => undefined;
    #onSignedOut: () => void = () => undefined;
    #routes: Routes | null = null;
    #person = 0;
    /** What was said last of signing out, in this tab and in all. */
    #saidGone: (string | null)[];
    #starting = new AbortController();

    constructor(environment: Environment) {
        this.#environment = environment;
        this.#tab = new Kept(environment.session);
        this.#browser = new Kept(environment.local);
        this.#key.value = this.#keptKey();
        this.#saidGone = this.#keptGone();
        this.owner.value = this.#tab.get(userName) ?? this.#browser.get(userName);
    }

    /** When somebody signs out on purpose, here or in another tab: `signingOut` is called with the key, `signedOut` without. */
    start(routes: Routes, signingOut: () => void, signedOut: () => void): void {
        this.#routes = routes;
        this.#onSigningOut = signingOut;
        this.#onSignedOut = signedOut;
        this.#environment.page.onStored((name, value) => {
            if (keptName(name) === keyName && !this.#hasOwnKey) this.#keyOfOtherTab(value);
            else if (keptName(name) === signedOutName) this.#signedOutElsewhere();
        });
        let left: string | null = null;
        this.#environment.page.on('leaving', () => (left = this.#keptKey()));
        this.#environment.page.on('restored', () => {
            this.#signedOutElsewhere();
            const kept = this.#keptKey();
            if (kept !== left) this.#keyOfOtherTab(kept);
        });
        void this.#ask();
    }

    key(): string | null {
        return this.#key.value;
    }

    person(): number {
        return this.#person;
    }

    carries(hint: string): boolean {
        return hint !== '' && this.#key.value?.startsWith(hint) === true;
    }

    /** A request was answered with 401. One with another key says nothing of this one, and what was said already stays. */
    refusedWith(failure: Failure, key: string | null): void {
        if (key !== this.#key.value || this.status.value === 'needs_key') return;
        this.#starting.abort();
        this.refused.value = key === null ? null : failure;
        this.status.value = 'needs_key';
    }

    /** Requests make sense: nobody asks for a key. */
    whenUsable(aborted: AbortSignal): Promise<void> {
        return until(() => this.status.value !== 'needs_key', aborted);
    }

    async submitKey(text: string, remember: boolean): Promise<boolean> {
        const key = text.trim();
        if (this.#routes === null) return false;
        if (!isKeyText(key)) {
            this.refused.value = {
                code: 'invalid_api_key',
                detail: t('state.no_key'),
                param: null,
                retryAfter: null,
            };
            return false;
        }
        const answer = await this.#routes.me(key);
        if (!answer.ok) {
            this.refused.value = answer.failure;
            return false;
        }
        this.#starting.abort();
        const hadOwn = this.#hasOwnKey;
        if (remember) {
            this.#tab.remove(keyName);
            this.#browser.set(keyName, key);
        } else {
            this.#tab.set(keyName, key);
            if (!hadOwn) this.#browser.remove(keyName); // it was this tab's, too
        }
        this.#key.value = key;
        this.#known(answer.value);
        return true;
    }

    signOut(): void {
        const kept = this.#hasOwnKey ? this.#tab : this.#browser;
        // Said before the key goes: that it is gone alone may also mean that another one takes its place.
        kept.set(signedOutName, `${this.owner.peek() ?? ''} ${this.#environment.newKey()}`);
        this.#saidGone = this.#keptGone();
        kept.remove(keyName);
        this.#signedOut();
    }

    async rename(name: string): Promise<Failure | null> {
        if (this.#routes === null) return null;
        const answer = await this.#routes.changeMe({ name });
        if (!answer.ok) return answer.failure;
        this.user.value = answer.value;
        return null;
    }

    async #ask(): Promise<void> {
        this.#starting.abort();
        const { signal: aborted } = (this.#starting = new AbortController());
        const retry = new Retry(this.#environment);
        while (!isAborted(aborted) && this.#routes !== null) {
            const answer = await this.#routes.me();
            if (isAborted(aborted)) return;
            if (answer.ok) {
                this.#known(answer.value);
                return;
            }
            if (answer.status === 401) return; // `refusedWith` was told
            this.refused.value = answer.failure;
            // A key that may not read will not by being asked again.
            this.status.value = answer.status === 403 && this.hasKey.value ? 'needs_key' : 'unreachable';
            if (this.status.value === 'needs_key') return;
            await retry.wait(aborted, answer.failure.retryAfter);
        }
    }

    #known(user: User): void {
        const before = this.user.peek();
        if (before !== null && before.user_id !== user.user_id) this.#person += 1;
        this.user.value = user;
        this.#tab.set(userName, user.user_id);
        this.#browser.set(userName, user.user_id);
        this.owner.value = user.user_id;
        this.refused.value = null;
        this.status.value = 'ready';
    }

    #signedOut(): void {
        this.#starting.abort();
        this.#onSigningOut();
        this.#person += 1;
        this.#tab.remove(userName);
        this.#key.value = null;
        this.user.value = null;
        this.refused.value = null;
        this.status.value = 'needs_key';
        this.#onSignedOut();
    }

    #keyOfOtherTab(value: string | null): void {
        if (value === this.#key.value) return; // it knows it
        // Whose the new one is has to be known before anything is asked with it.
        this.#starting.abort();
        this.refused.value = null;
        this.status.value = 'needs_key';
        this.#key.value = value;
        if (value !== null) void this.#ask();
    }

    #keptKey(): string | null {
        return [this.#tab.get(keyName), this.#browser.get(keyName)].find(isKeyText) ?? null;
    }

    /** The key is this tab's alone; else it is what the browser keeps for all. */
    get #hasOwnKey(): boolean {
        return this.#tab.get(keyName) !== null;
    }

    /** Who has signed out, each with a text that makes it another one than the last. */
    #keptGone(): (string | null)[] {
        return [this.#tab, this.#browser].map((kept) => kept.get(signedOutName));
    }

    /** Somebody has: in another tab, or in this one after it had shown another page. */
    #signedOutElsewhere(): void {
        const before = this.#saidGone;
        this.#saidGone = this.#keptGone();
        const isMe = this.#saidGone.some(
            (said, at) => said !== before[at] && said?.split(' ')[0] === this.owner.peek(),
        );
        if (isMe && !this.#hasOwnKey && this.hasKey.value) this.#signedOut();
    }
}
