import { describe, expect, it } from 'vitest';

import { countCharacters, longest, tooLong } from '../../src/ui/composer/limits';

describe('the length of a message', () => {
    it('is counted in characters, not in the units that browsers count', () => {
        expect(countCharacters('')).toBe(0);
        expect(countCharacters('naïve')).toBe(5);
        expect(countCharacters('🙂🙂')).toBe(2);
    });

    it('may be what the contract allows, and not one more', () => {
        expect(tooLong('a'.repeat(longest))).toBe(false);
        expect(tooLong('a'.repeat(longest + 1))).toBe(true);
        expect(tooLong('🙂'.repeat(longest))).toBe(false);
        expect(tooLong(`${'🙂'.repeat(longest)}a`)).toBe(true);
    });
});
