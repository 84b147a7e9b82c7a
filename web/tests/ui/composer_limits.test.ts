import { describe, expect, it } from 'vitest';

import { countCharacters } from '../../src/ui/common/characters';
import { longestMessage } from '../../src/state/longest_message';
import { tooLong } from '../../src/ui/composer/limits';

describe('the length of a message', () => {
    it('is counted in characters, not in the units that browsers count', () => {
        expect(countCharacters('')).toBe(0);
        expect(countCharacters('naïve')).toBe(5);
        expect(countCharacters('🙂🙂')).toBe(2);
    });

    it('may be what the contract allows, and not one more', () => {
        expect(tooLong('a'.repeat(longestMessage))).toBe(false);
        expect(tooLong('a'.repeat(longestMessage + 1))).toBe(true);
        expect(tooLong('🙂'.repeat(longestMessage))).toBe(false);
        expect(tooLong(`${'🙂'.repeat(longestMessage)}a`)).toBe(true);
    });
});
