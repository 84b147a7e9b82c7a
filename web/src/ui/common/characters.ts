/** Code points, as the contract counts characters. */
export function countCharacters(text: string): number {
    let pairs = 0;
    for (let at = 0; at < text.length; at++) {
        const unit = text.charCodeAt(at);
        if (unit >= 0xd800 && unit < 0xdc00) pairs++; // the first half of a character beyond 16 bits
    }
    return text.length - pairs;
}
