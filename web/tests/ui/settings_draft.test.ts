import { describe, expect, it } from 'vitest';

import type { SettingsInput } from '../../src/api/types';
import { changesOf, draftOf, sameDraft, settingsOf } from '../../src/ui/settings/settings_draft';
import { fieldOf, settingsErrors } from '../../src/ui/settings/settings_rules';

const all: SettingsInput = {
    model_name: 'small',
    role: 'developer',
    prompt: 'Be brief.',
    temperature: 0.2,
    top_p: 0.9,
    max_output_tokens: 100,
    stop: ['END', 'a\nb', 'c\\n'],
    seed: 7,
    on_busy: 'queue',
    content_template: 'Q: {{content}}',
    mask: ['email', 'card'],
};

describe('a draft of settings', () => {
    it('says what it was made of', () => {
        expect(settingsOf(draftOf(all))).toEqual(all);
    });

    it('has empty fields for defaults, and a preset of it is empty', () => {
        const draft = draftOf({});
        expect(draft).toMatchObject({
            model_name: '',
            temperature: '',
            stop: '',
            role: 'system',
            on_busy: 'reject',
        });
        expect(settingsOf(draft)).toEqual({});
    });

    it('changes only what was changed, and takes back to the default by null', () => {
        const before = draftOf(all);
        const now = { ...before, temperature: '1,5', seed: '', stop: '', role: 'system' as const };
        expect(changesOf(now, before)).toEqual({ temperature: 1.5, seed: null, stop: null, role: null });
    });

    it.each([
        ['2000', 2000],
        [' 2,000 ', 2000],
        ['131.072', 131072],
        ['131 072', 131072],
        ["1'000", 1000],
        ['4\u202f294\u00a0967', NaN],
        ['4\u202f294\u202f967', 4294967],
        ['1,5', NaN],
        ['2.0', NaN],
        ['12,00', NaN],
        ['-1', NaN],
        ['1e3', NaN],
    ])('takes %j for a whole number as people part thousands', (typed, number) => {
        expect(settingsOf({ ...draftOf({}), max_output_tokens: typed })).toEqual({
            max_output_tokens: number,
        });
    });

    it('is the same when nothing differs, whatever the settings were written as', () => {
        expect(sameDraft(draftOf({}), draftOf({ temperature: null, stop: [], mask: null }))).toBe(true);
        expect(sameDraft(draftOf({}), draftOf({ seed: 0 }))).toBe(false);
    });

    it('keeps a stop text of blanks, and leaves empty lines out', () => {
        expect(settingsOf({ ...draftOf({}), stop: '\n  \n\\t\n' })).toEqual({ stop: ['  ', '\t'] });
    });
});

describe('the rules of settings', () => {
    const errorsOf = (change: Partial<ReturnType<typeof draftOf>>) =>
        Object.keys(settingsErrors({ ...draftOf({}), ...change }));

    it('let pass what the contract allows', () => {
        expect(errorsOf({})).toEqual([]);
        expect(errorsOf(draftOf(all))).toEqual([]);
        expect(
            errorsOf({ temperature: '2', top_p: '1', max_output_tokens: '131072', seed: '4294967295' }),
        ).toEqual([]);
        expect(errorsOf({ prompt: '😀'.repeat(32_768) })).toEqual([]);
    });

    it.each([
        ['temperature', '2.1'],
        ['temperature', 'warm'],
        ['temperature', '-1'],
        ['top_p', '0'],
        ['top_p', '1.01'],
        ['max_output_tokens', '0'],
        ['max_output_tokens', '1.5'],
        ['max_output_tokens', '131073'],
        ['seed', '-1'],
        ['seed', '4294967296'],
        ['prompt', 'x'.repeat(32_769)],
        ['stop', 'x'.repeat(129)],
        ['stop', '1\n2\n3\n4\n5\n6\n7\n8\n9'],
        ['content_template', 'no place for the text'],
    ])('find what is wrong with %s', (field, value) => {
        expect(errorsOf({ [field]: value })).toEqual([field]);
    });

    it('find the field that the server speaks of', () => {
        expect(fieldOf('settings.temperature')).toBe('temperature');
        expect(fieldOf('settings.stop.0')).toBe('stop');
        expect(fieldOf('settings.tools')).toBeNull();
        expect(fieldOf('title')).toBeNull();
        expect(fieldOf(null)).toBeNull();
    });
});
