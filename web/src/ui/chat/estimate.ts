import type { ShownMessage } from '../../state/contract';
import { imagesOf, textOf } from './content';

const line = 26; // px
const around = 68; // px: padding and the line of actions

/** About how high a message is before it has been seen; the nearer, the less has to be put right while scrolling. */
export function estimateHeight(shown: ShownMessage, width: number): number {
    const text = textOf(shown.message);
    const column = Math.min(width, 736) * (shown.message.role === 'user' ? 0.75 : 0.95);
    const perLine = Math.max(20, column / 7.6);
    const lines = Math.min(text.length / perLine + breaksIn(text), 20_000);
    return around + Math.max(1, Math.ceil(lines)) * line + imagesOf(shown.message).length * 200;
}

function breaksIn(text: string): number {
    let count = 0;
    for (let at = text.indexOf('\n'); at >= 0 && count < 2_000; at = text.indexOf('\n', at + 1)) count++;
    return count;
}
