// Letters of the styles that mathematics tells apart (ℝ, 𝓛, 𝐯). MathML Core knows no `mathvariant` but `normal`, so each
// is its own character: Unicode has blocks of them, in this order, with holes where one had a character before.
const styles = (
    'bold italic bold-italic script bold-script fraktur double-struck bold-fraktur sans-serif bold-sans-serif ' +
    'sans-serif-italic sans-serif-bold-italic monospace'
).split(' ');
const firstLetter = 0x1d400; // 26 capital and 26 small ones of each style

const greek = 'ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡϴΣΤΥΦΧΨΩ∇αβγδεζηθικλμνξοπρςστυφχψω∂ϵϑϰϕϱϖ';
const greekStyles = ['bold', 'italic', 'bold-italic', 'bold-sans-serif', 'sans-serif-bold-italic'];
const firstGreek = 0x1d6a8;

const digitStyles = ['bold', 'double-struck', 'sans-serif', 'bold-sans-serif', 'monospace'];
const firstDigit = 0x1d7ce;

const before: Record<string, string> = {
    italic: 'hℎ',
    script: 'BℬEℰFℱHℋIℐLℒMℳRℛeℯgℊoℴ',
    fraktur: 'CℭHℌIℑRℜZℨ',
    'double-struck': 'CℂHℍNℕPℙQℚRℝZℤ',
};

/** The text in this style; null where there is nothing of it. */
export function styled(text: string, style: string): string | null {
    const letters = Array.from(text, (character) => letter(character, style) ?? character).join('');
    return letters === text ? null : letters;
}

function letter(character: string, style: string): string | null {
    const known = before[style] ?? '';
    const at = known.indexOf(character);
    if (at !== -1) return known[at + 1] ?? null;
    if (/[A-Z]/.test(character)) return from(firstLetter, styles, style, 52, character.charCodeAt(0) - 65);
    if (/[a-z]/.test(character)) return from(firstLetter, styles, style, 52, character.charCodeAt(0) - 71);
    if (/[0-9]/.test(character)) return from(firstDigit, digitStyles, style, 10, Number(character));
    const place = greek.indexOf(character);
    return place === -1 ? null : from(firstGreek, greekStyles, style, greek.length, place);
}

function from(first: number, known: string[], style: string, size: number, place: number): string | null {
    const block = known.indexOf(style);
    return block === -1 ? null : String.fromCodePoint(first + block * size + place);
}
