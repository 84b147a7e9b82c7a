import { longestMessage } from '../../state/longest_message';
import { countCharacters } from '../common/characters';

/** Counting a long text takes time: a text that has fewer units can not have more characters. */
export function tooLong(text: string): boolean {
    return text.length > longestMessage && countCharacters(text) > longestMessage;
}
