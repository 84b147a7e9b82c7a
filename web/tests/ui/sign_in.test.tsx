import { describe, expect, it } from 'vitest';

import { SignIn } from '../../src/ui/sign_in/sign_in';
import { aFailure, fakeState } from './fake_state';
import { check, errorOf, field, press, pressKey, show, text, type } from './shown';

describe('signing in', () => {
    it('submits the key without what was pasted around it', async () => {
        const { state, session } = fakeState();
        await show(<SignIn state={state} />);
        expect(field('API key').type).toBe('password');
        await type('API key', ' parley_key\n');
        await check('Remember on this device');
        await press('Sign in');
        expect(session.submitKey).toHaveBeenCalledExactlyOnceWith('parley_key', true);
    });

    it('forgets the key with the tab unless told otherwise', async () => {
        const { state, session } = fakeState();
        await show(<SignIn state={state} />);
        await type('API key', 'parley_key');
        await press('Sign in');
        expect(session.submitKey).toHaveBeenCalledExactlyOnceWith('parley_key', false);
    });

    it('says why a key is asked for again', async () => {
        const { state, session } = fakeState();
        session.refused.value = aFailure({ code: 'expired_api_key' });
        await show(<SignIn state={state} />);
        expect(errorOf(field('API key'))).toContain('has expired');
    });

    it('goes back to the field when the key is refused', async () => {
        const { state, session } = fakeState();
        await show(<SignIn state={state} />);
        session.submitKey.mockImplementation(() => {
            session.refused.value = aFailure({ code: 'invalid_api_key' });
            return Promise.resolve(false);
        });
        await type('API key', 'parley_wrong');
        await press('Sign in');
        expect(errorOf(field('API key'))).toContain('does not know this key');
        expect(document.activeElement).toBe(field('API key'));
    });

    it('asks nobody without a key', async () => {
        const { state, session } = fakeState();
        await show(<SignIn state={state} />);
        await press('Sign in');
        expect(session.submitKey).not.toHaveBeenCalled();
        expect(errorOf(field('API key'))).toBe('Enter your key.');
    });

    it('tells where keys come from, and does not go away', async () => {
        const { state } = fakeState();
        await show(<SignIn state={state} />);
        await pressKey('Escape');
        expect(document.querySelector('dialog')).not.toBeNull();
        expect(text()).toContain('parley keys create');
    });
});
