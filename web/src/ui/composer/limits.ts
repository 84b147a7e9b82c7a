/** Of one message, in characters as the contract counts them. */
export const longest = 262_144;

/** Code points. Counting a long text takes time: a text that has fewer units can not have more of them. */
export function countCharacters(text: string): number {
    let pairs = 0;
    for (let at = 0; at < text.length; at++) {
        const unit = text.charCodeAt(at);
        if (unit >= 0xd800 && unit < 0xdc00) pairs++; // the first half of a character beyond 16 bits
    }
    return text.length - pairs;
}

export function tooLong(text: string): boolean {
    return text.length > longest && countCharacters(text) > longest;
}
