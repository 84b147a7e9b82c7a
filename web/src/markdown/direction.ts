// In which direction a list, quote or table is laid out: as its first letter says. `dir="auto"` cannot be asked for
// that, because it looks past whatever in it has a direction of its own.
const letter = /\p{L}/u;
const fromRight =
    /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Samaritan}\p{Script=Mandaic}\p{Script=Adlam}]/u;

export function directionOf(text: string): 'ltr' | 'rtl' | 'auto' {
    const first = letter.exec(text)?.[0];
    if (first === undefined) return 'auto';
    return fromRight.test(first) ? 'rtl' : 'ltr';
}
