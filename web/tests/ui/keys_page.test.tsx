import { describe, expect, it, vi } from 'vitest';

import type { AppState } from '../../src/state/contract';
import { expiryErrorOf, expiryOf } from '../../src/ui/keys/expiry';
import { KeysPage } from '../../src/ui/keys/keys_page';
import { aFailure, aKey, aNewKey, aUser, fakeState } from './fake_state';
import { check, field, press, show, text, type } from './shown';

async function open(change: (fakes: ReturnType<typeof fakeState>) => void = () => undefined) {
    const fakes = fakeState();
    change(fakes);
    await show(<KeysPage state={fakes.state} />);
    return fakes;
}

const administrator = {
    ...aUser({ is_admin: true }),
    interaction_list: { data: [], has_more: false, next_cursor: null, prev_cursor: null },
} satisfies AppState['session']['user']['value'];

describe('the page of keys', () => {
    it('lists what each may, and when it was used', async () => {
        const old = aKey({
            key_id: 'key-2',
            name: '',
            scopes: ['read'],
            expires_at: '2020-01-01T00:00:00.000Z',
        });
        await open(({ administration }) => administration.ownKeys.mockResolvedValue([aKey(), old]));
        for (const told of [
            'laptop',
            'parley_AbCd…',
            'May: read and write',
            'Never used',
            'Key without a name',
            'Expired',
        ]) {
            expect(text()).toContain(told);
        }
    });

    it('says why there is no list', async () => {
        await open(({ administration }) =>
            administration.ownKeys.mockResolvedValue(aFailure({ code: 'insufficient_scope' })),
        );
        expect(text()).toContain('Your key may not do this.');
    });

    it('shows a new key once', async () => {
        const made = aNewKey({ name: 'phone' });
        const { administration } = await open(({ administration }) =>
            administration.makeOwnKey.mockResolvedValue(made),
        );
        await press('New key');
        await type('Name', 'phone');
        await check('write');
        await press('New key');
        expect(administration.makeOwnKey).toHaveBeenCalledExactlyOnceWith({
            name: 'phone',
            scopes: ['read'],
        });
        expect(field('Key “phone”').value).toBe(made.key);
        await press('I have copied it');
        expect(document.querySelector('dialog')).toBeNull();
        expect(text()).not.toContain(made.key);
        expect(
            [...document.querySelectorAll<HTMLInputElement>('input, textarea')].map((input) => input.value),
        ).not.toContain(made.key);
        expect(administration.ownKeys).toHaveBeenCalledTimes(2);
    });

    it('makes none that may nothing', async () => {
        const { administration } = await open();
        await press('New key');
        await check('read');
        await check('write');
        await press('New key');
        expect(text()).toContain('Choose at least one.');
        expect(administration.makeOwnKey).not.toHaveBeenCalled();
    });

    it('offers administration to administrators alone', async () => {
        await open();
        await press('New key');
        expect(() => field('administer')).toThrow();
        await open(({ session }) => (session.user.value = administrator));
        await press('New key');
        expect(field('administer').checked).toBe(false);
    });

    it('warns before the key is revoked that the page itself uses', async () => {
        const { administration } = await open(({ administration, session }) => {
            administration.ownKeys.mockResolvedValue([aKey()]);
            session.carries.mockImplementation((hint) => hint === 'parley_AbCd');
        });
        await press('Revoke the key “laptop”');
        expect(text()).toContain('This page uses this key');
        await press('Revoke');
        expect(administration.deleteOwnKey).toHaveBeenCalledExactlyOnceWith('key-1');
    });
});

describe('the end of a key', () => {
    const now = new Date('2026-01-31T12:00:00').getTime();

    it('is a number of days away, or the end of a day where the person is', () => {
        expect(expiryOf({ kind: 'never', day: '' }, now)).toBeNull();
        expect(expiryOf({ kind: '30', day: '' }, now)).toBe(new Date(now + 30 * 86_400_000).toISOString());
        expect(expiryOf({ kind: 'day', day: '2026-02-01' }, now)).toBe(
            new Date('2026-02-01T23:59:59').toISOString(),
        );
    });

    it('lies ahead', () => {
        expect(expiryErrorOf({ kind: 'day', day: '2026-01-31' }, now)).toBeNull();
        expect(expiryErrorOf({ kind: 'day', day: '2026-01-30' }, now)).not.toBeNull();
        expect(expiryErrorOf({ kind: 'day', day: '' }, now)).not.toBeNull();
        expect(expiryErrorOf({ kind: '30', day: 'whatever' }, now)).toBeNull();
    });
});

vi.setSystemTime(new Date('2026-02-01T12:00:00Z'));
