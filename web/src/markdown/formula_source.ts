// Where a formula stands in a text: `$…$`, `$$…$$`, `\(…\)` and `\[…\]`.
import { maxDefinition, maxFormula } from './limits';

export interface FormulaSource {
    raw: string;
    tex: string;
    display: boolean;
    /** Its end has not come yet. */
    open: boolean;
}

const letterOrDigit = /[\p{L}\p{N}]/u;
const latinOrDigit = /[A-Za-z0-9]/;

/** The formula at `at`. `before` is the character in front of it. `open`: take one whose end has not come yet, too. */
export function formulaAt(src: string, at: number, before: string, open: boolean): FormulaSource | null {
    const opener = src.slice(at, at + 2);
    if (opener === '\\(') return delimited(src, at, '\\)', false, open);
    if (opener === '\\[') return delimited(src, at, '\\]', true, open);
    if (opener === '$$') return delimited(src, at, '$$', true, open);
    return opener.startsWith('$') ? betweenDollars(src, at, before, open) : null;
}

function delimited(
    src: string,
    at: number,
    closer: string,
    display: boolean,
    open: boolean,
): FormulaSource | null {
    const end = closerFrom(src, at + 2, closer);
    if (end === -1) {
        const tex = src.slice(at + 2);
        return open && tex.trim() !== '' ? { raw: src.slice(at), tex, display, open: true } : null;
    }
    const tex = src.slice(at + 2, end);
    if (tex.trim() === '' || tex.length > maxFormula) return null;
    return { raw: src.slice(at, end + 2), tex, display, open: false };
}

/** `\\)` inside of a formula is a new line and a parenthesis, no end. */
function closerFrom(src: string, from: number, closer: string): number {
    for (let at = src.indexOf(closer, from); at !== -1; at = src.indexOf(closer, at + 1)) {
        let slashes = 0;
        while (at - slashes > from && src[at - slashes - 1] === '\\') slashes++;
        if (slashes % 2 === 0) return at;
    }
    return -1;
}

/** Prices are no formulas: see `looksLikeMoney`. */
function betweenDollars(src: string, at: number, before: string, open: boolean): FormulaSource | null {
    if (latinOrDigit.test(before) || before === '$' || before === '\\') return null;
    const first = src[at + 1] ?? ' ';
    if (/\s/.test(first)) return null;
    let end = at + 1;
    for (; end < src.length && src[end] !== '$'; end++) {
        const character = src[end];
        if (character === '\n' || character === '`' || end - at > maxFormula) return null;
        if (character === '\\') end++;
    }
    if (end >= src.length) {
        const tex = src.slice(at + 1);
        // Only what can hardly be a price is taken before its end is there.
        return open && /^(?:\\[A-Za-z]|[A-Za-z][_^])/.test(tex)
            ? { raw: src.slice(at), tex, display: false, open: true }
            : null;
    }
    const tex = src.slice(at + 1, end);
    const after = src[end + 1] ?? '';
    if (/\s/.test(src[end - 1] ?? ' ') || latinOrDigit.test(after) || after === '$') return null;
    if (looksLikeMoney(tex)) return null;
    return { raw: src.slice(at, end + 1), tex, display: false, open: false };
}

/** "$20, you have 30$": it begins with a number, has words, and nothing that only a formula has. */
function looksLikeMoney(tex: string): boolean {
    return /^[\d.,]/.test(tex) && /\s/.test(tex) && letterOrDigit.test(tex) && !/[\\^_={}<>+*/|]/.test(tex);
}

const blank = /\n[ \t]*\n/;
const blockStart = /^ {0,3}(?:\$\$|\\\[)/;

/** A formula that has lines of its own. It holds no blank line, so what comes later never changes what was before. */
export function formulaBlockAt(src: string, open: boolean): FormulaSource | null {
    const start = blockStart.exec(src);
    if (start === null) return null;
    const near = src.slice(0, maxFormula);
    const stop = blank.exec(near);
    const text = stop === null ? near : near.slice(0, stop.index);
    const found = formulaAt(text, start[0].length - 2, '', open && text === src);
    if (found === null) return null;
    const length = start[0].length - 2 + found.raw.length;
    const rest = /^[ \t]*(?:\n|$)/.exec(src.slice(length, length + 200));
    return rest === null ? null : { ...found, raw: src.slice(0, length + rest[0].length) };
}

/** Where in the paragraph at the start of `src` a line begins that is such a formula; -1: nowhere. */
export function formulaLineIn(src: string, open: boolean): number {
    const line = /\n(?:[ \t]*\n| {0,3}(\$\$|\\\[))/g;
    const near = src.slice(0, maxDefinition);
    for (let found = line.exec(near); found?.[1] !== undefined; found = line.exec(near)) {
        const start = found.index + 1;
        if (formulaBlockAt(src.slice(start), open) !== null) return start;
    }
    return -1;
}

/** The text with each formula made into letters, so that a `*` in it is no emphasis. Its length stays. */
export function maskFormulas(src: string, masked: string, open: boolean): string {
    if (!/\$|\\[([]/.test(src)) return masked;
    let result = '';
    let taken = 0;
    for (let at = 0; at < src.length; at++) {
        const character = src[at];
        if (character === '`') {
            at = codeEnd(src, at) - 1;
        } else if (character === '$' || character === '\\') {
            const formula = formulaAt(src, at, src[at - 1] ?? '', open);
            if (formula !== null) {
                result += masked.slice(taken, at) + 'a'.repeat(formula.raw.length);
                at += formula.raw.length - 1;
                taken = at + 1;
            } else if (character === '\\') {
                at++;
            }
        }
    }
    return result + masked.slice(taken);
}

/** Behind the code that begins at `at`; behind its backticks where it has no end. */
export function codeEnd(src: string, at: number): number {
    const ticks = (/^`+/.exec(src.slice(at, at + 100))?.[0] ?? '`').length;
    for (let next = at + ticks; next < src.length; next++) {
        if (src[next] !== '`') continue;
        const begin = next;
        while (src[next] === '`') next++;
        if (next - begin === ticks) return next;
    }
    return at + ticks;
}
