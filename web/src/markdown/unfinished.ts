// The end of a text that is still being written: what is begun there is shown as if it were whole already, and a line
// that may become anything waits for its next character. So nothing is laid out in one way and then in another.
import { codeEnd, formulaAt } from './formula_source';
import { maxRun } from './limits';

const markers = String.raw`(?:(?:[-*+>]|\d{1,9}[.)])[ \t]+)*`;
const undecided = new RegExp(
    `^[ \\t]*${markers}(?:[-=*_+#>]+|\`{1,2}|~{1,2}|\\d{1,9}[.)]|\\[[ xX]?\\]?|\\|[ \\t|:-]*|\\\\)?[ \\t]*$`,
);
const maxHeader = 2_000;
const definition = /^ {0,3}\[[^\]\n]*\]:[ \t]*(?:\S+[ \t]*(?:["'(].*)?)?$/;

/** `text` without its last line, where that consists of marks alone ("-", "1.", "| --", "- [x]", "[a]: htt"). */
export function withoutUndecidedLine(text: string): string {
    const start = text.lastIndexOf('\n') + 1;
    const line = text.slice(start, start + 400);
    if (start + line.length < text.length || line === '') return text;
    const number = start > 0 && /^[ \t]*\d{1,9}$/.test(line); // the only line of an answer may well be a number
    return number || undecided.test(line) || definition.test(line) ? text.slice(0, start) : text;
}

/** Code without the beginning of its closing fence. */
export function withoutPartOfFence(code: string): string {
    return code.replace(/(^|\n) {0,3}(?:`{1,2}|~{1,2})$/, '');
}

/** What has to follow a paragraph that ends with the first line of a table to make that table. */
export function delimiterRowFor(paragraph: string): string | null {
    const lines = paragraph.split('\n');
    const header = lines.at(-1) ?? '';
    if (
        header.length > maxHeader ||
        !/^ {0,3}\|.*[^\s|]/.test(header) ||
        /^ {0,3}\|/.test(lines.at(-2) ?? '')
    )
        return null;
    const cells = header
        .trim()
        .replace(/^\||\|$/g, '')
        .split(/(?<!\\)\|/).length;
    return `\n|${'---|'.repeat(cells)}`;
}

/** Inline text whose emphasis, code and links are ended where they have not been yet. */
export function completed(run: string): string {
    if (run.length > maxRun) return run;
    const open: string[] = [];
    let src = run;
    for (let at = 0; at < src.length;) {
        const character = src[at] ?? '';
        if (character === '\\') {
            const formula = formulaAt(src, at, '', true);
            at += formula?.raw.length ?? 2;
        } else if (character === '$') {
            const formula = formulaAt(src, at, src[at - 1] ?? '', true);
            at += formula?.raw.length ?? 1;
        } else if (character === '`') {
            const ticks = /^`+/.exec(src.slice(at))?.[0] ?? '`';
            const end = codeEnd(src, at);
            if (end > at + ticks.length) {
                at = end;
            } else {
                const content = src.slice(at + ticks.length).replace(/`+$/, '');
                if (content.trim() === '') return closed(src.slice(0, at), open);
                return closed(src.slice(0, at) + ticks + content + ticks, open);
            }
        } else if (character === '*' || character === '_' || character === '~') {
            const length = runLength(src, at);
            if (at + length === src.length && !closes(src, at, length, open))
                return closed(src.slice(0, at), open);
            track(src, at, length, open);
            at += length;
        } else if (character === '[') {
            const label = pendingLabel(src, at);
            if (label === null) {
                at++;
            } else {
                const start = src[at - 1] === '!' ? at - 1 : at;
                src = src.slice(0, start) + label;
                at = start;
            }
        } else {
            at++;
        }
    }
    return closed(src, open);
}

function runLength(src: string, at: number): number {
    let end = at;
    while (src[end] === src[at]) end++;
    return end - at;
}

/** Whether a row of marks at the end of the text ends exactly what is open. */
function closes(src: string, at: number, length: number, open: string[]): boolean {
    let left = length;
    for (const mark of [...open].reverse()) {
        if (left === 0 || mark[0] !== src[at]) break;
        left -= mark.length;
    }
    return left === 0 && !/\s/.test(src[at - 1] ?? ' ');
}

function track(src: string, at: number, length: number, open: string[]): void {
    const character = src[at] ?? '';
    const before = src[at - 1] ?? ' ';
    const after = src[at + length] ?? ' ';
    let left = length;
    while (!/\s/.test(before) && open.at(-1)?.[0] === character && (open.at(-1)?.length ?? 0) <= left) {
        left -= open.pop()?.length ?? 0;
    }
    if (/\s/.test(after) || /[\p{L}\p{N}]/u.test(before)) return;
    if (character === '~') {
        if (left === 2) open.push('~~');
        return;
    }
    if (left > 3) return;
    if (left % 2 === 1) open.push(character);
    if (left >= 2) open.push(character + character);
}

/** What a link is called whose address has not come yet; null: this is none, or it is complete. */
function pendingLabel(src: string, at: number): string | null {
    const rest = src.slice(at, at + 2_000);
    if (rest.length < src.length - at) return null;
    const whole = /^\[((?:[^[\]\\\n]|\\.)*)\](.*)$/s.exec(rest);
    if (whole === null) {
        const begun = /^\[((?:[^[\]\\\n]|\\.)*)$/.exec(rest);
        return begun?.[1] ?? null;
    }
    const [, label = '', after = ''] = whole;
    if (after === '') return label;
    return /^\((?:[^()\n]|\([^()\n]*\))*(?:\([^()\n]*)?$/.test(after) ? label : null;
}

function closed(src: string, open: string[]): string {
    if (open.length === 0) return src;
    const text = src.trimEnd();
    return text + [...open].reverse().join('') + src.slice(text.length);
}
