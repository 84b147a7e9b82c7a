import { describe, expect, it } from 'vitest';

import type { User } from '../../src/api/types';
import { limitErrors, limitsDraftOf, limitsOf, noLimits } from '../../src/ui/users/limits_draft';
import { UsersPage } from '../../src/ui/users/users_page';
import { aFailure, aKey, aUser, fakeState } from './fake_state';
import { button, check, field, press, set, settled, show, text, type } from './shown';

const ada = aUser({ name: 'Ada', is_admin: true });
const bob = aUser({
    user_id: 'user-2',
    name: 'Bob',
    limits: {
        requests_per_minute: 60,
        concurrent_streams: 0,
        queued_generations: null,
        tokens_per_day: null,
    },
});

async function open() {
    const fakes = fakeState();
    fakes.administration.users.mockImplementation((cursor) =>
        Promise.resolve(cursor === null ? { data: [ada], next: 'second' } : { data: [ada, bob], next: null }),
    );
    await show(<UsersPage state={fakes.state} />);
    return fakes;
}

async function chooseLimit(name: string, kind: string): Promise<void> {
    const select = document.querySelector<HTMLSelectElement>(`select[aria-label="Which limit: ${name}"]`);
    const index = [...(select?.options ?? [])].findIndex((option) => option.text === kind);
    if (!select || index < 0) throw new Error(`no ${kind} for ${name}`);
    select.selectedIndex = index;
    select.dispatchEvent(new Event('change', { bubbles: true }));
    await Promise.resolve();
}

describe('the page of users', () => {
    it('goes on page by page, and shows nobody twice', async () => {
        const { administration } = await open();
        expect(text()).not.toContain('Bob');
        await press('Show more');
        expect(administration.users).toHaveBeenLastCalledWith('second');
        expect(document.querySelectorAll('.row')).toHaveLength(2);
        expect(text()).toContain('Requests per minute: 60');
        expect(text()).toContain('Open event streams: No limit');
        expect(() => button('Show more')).toThrow();
    });

    it('tells others that it is for administrators, and offers nothing', async () => {
        const { state, administration } = fakeState();
        administration.users.mockResolvedValue(aFailure({ code: 'insufficient_scope' }));
        await show(<UsersPage state={state} />);
        expect(text()).toContain('This page is for administrators.');
        expect(document.querySelector('button')).toBeNull();
    });

    it('asks again when somebody has signed in', async () => {
        const { state, administration, session } = fakeState();
        session.status.value = 'needs_key';
        administration.users.mockResolvedValue({ data: [ada], next: null });
        await show(<UsersPage state={state} />);
        expect(administration.users).not.toHaveBeenCalled();
        session.status.value = 'ready';
        await settled();
        expect(text()).toContain('Ada');
    });

    it('makes a user with limits', async () => {
        const { administration } = await open();
        administration.makeUser.mockResolvedValue(aUser({ user_id: 'user-3', name: 'Cleo' }));
        await press('New user');
        await type('Name', 'Cleo');
        await check('Administrator');
        await chooseLimit('Tokens per day', 'At most…');
        await set(field('Tokens per day'), '100000');
        await chooseLimit('Replies at once', 'No limit');
        await press('New user');
        expect(administration.makeUser).toHaveBeenCalledExactlyOnceWith({
            name: 'Cleo',
            is_admin: true,
            limits: {
                requests_per_minute: null,
                concurrent_streams: null,
                queued_generations: 0,
                tokens_per_day: 100_000,
            },
        });
        expect(document.querySelector('.row')?.textContent).toContain('Cleo');
    });

    it('changes a user in its place', async () => {
        const { administration } = await open();
        administration.changeUser.mockResolvedValue({ ...ada, name: 'Ada L.' });
        await press('Change Ada');
        await type('Name', 'Ada L.');
        await press('Save');
        expect(administration.changeUser).toHaveBeenCalledExactlyOnceWith('user-1', {
            name: 'Ada L.',
            is_admin: true,
            limits: null,
        });
        expect(text()).toContain('Ada L.');
    });

    it('says why a user was not saved', async () => {
        const { administration } = await open();
        administration.changeUser.mockResolvedValue(aFailure({ code: 'user_not_found' }));
        await press('Change Ada');
        await press('Save');
        expect(text()).toContain('This user does not exist any more.');
    });

    it('deletes whom the person has named', async () => {
        const { administration } = await open();
        await press('Delete Ada');
        expect(button('Delete').disabled).toBe(true);
        await type('Type “Ada” to confirm', 'Ada');
        await press('Delete');
        expect(administration.deleteUser).toHaveBeenCalledExactlyOnceWith('user-1');
        expect(document.querySelectorAll('.row')).toHaveLength(0);
    });

    it('keeps the server’s own user, the oldest, and says so', async () => {
        const { state, administration } = fakeState();
        administration.users.mockResolvedValue({
            data: [bob, aUser({ user_id: 'user-0', name: '', is_admin: true })],
            next: null,
        });
        await show(<UsersPage state={state} />);
        const rows = [...document.querySelectorAll('.row')].map((row) => row.textContent);
        expect(rows[1]).toContain('The server’s own user');
        expect(rows[1]).toContain('cannot be deleted');
        expect(() => button('Delete The server’s own user')).toThrow();
        expect(button('Keys of The server’s own user').disabled).toBe(false);
        expect(rows[0]).not.toContain('cannot be deleted');
        expect(button('Delete Bob').disabled).toBe(false);
    });

    it.each([
        ['oneself, the last administrator', 'user-1', [], ['This is you', 'Nobody else is an administrator']],
        [
            'oneself beside another administrator',
            'user-1',
            [aUser({ user_id: 'user-3', is_admin: true })],
            ['This is you'],
        ],
        ['another one', 'user-9', [aUser({ user_id: 'user-3', is_admin: true })], []],
    ])('warns of what deleting %s means', async (_whom, ownId, others, warnings) => {
        const { state, administration, session } = fakeState();
        session.user.value = aUser({ user_id: ownId }) as unknown as User;
        const local = aUser({ user_id: 'user-0', name: '', is_admin: true });
        administration.users.mockResolvedValue({ data: [...others, bob, ada, local], next: null });
        await show(<UsersPage state={state} />);
        await press('Delete Ada');
        const said = [...document.querySelectorAll('dialog .warning')].map((one) => one.textContent);
        expect(said).toHaveLength(warnings.length);
        for (const [index, words] of warnings.entries()) expect(said[index]).toContain(words);
    });

    it('lists, makes and revokes a user’s keys', async () => {
        const { administration } = await open();
        administration.keysOf.mockResolvedValue([aKey()]);
        await press('Keys of Ada');
        expect(administration.keysOf).toHaveBeenCalledExactlyOnceWith('user-1');
        expect(text()).toContain('audit log');
        await press('New key');
        await press('New key');
        expect(administration.makeKeyFor).toHaveBeenCalledExactlyOnceWith('user-1', {
            name: '',
            scopes: ['read', 'write'],
        });
        await press('I have copied it');
        await press('Revoke the key “laptop”');
        await press('Revoke');
        expect(administration.deleteKeyOf).toHaveBeenCalledExactlyOnceWith('user-1', 'key-1');
    });
});

describe('a draft of limits', () => {
    it('tells what is configured, no limit and a number apart', () => {
        expect(limitsOf(noLimits)).toBeNull();
        expect(limitsOf(limitsDraftOf(bob.limits))).toEqual(bob.limits);
    });

    it.each(['', '0', '1.5', '100,0', 'many', '1000000000001'])('refuses %j as a number', (number) => {
        const errors = limitErrors({ ...noLimits, tokens_per_day: { kind: 'number', number } });
        expect(Object.keys(errors)).toEqual(['tokens_per_day']);
    });
});
