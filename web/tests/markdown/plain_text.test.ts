// What screen readers are told of a reply is what it says, not how it is written.
import { expect, test } from 'vitest';

import { plainText } from '../../src/markdown/plain_text';
import { spoken } from '../../src/ui/chat/spoken';

test.each([
    [
        'emphasis, code and links',
        '**Bold**, *slanted* and `code` in [a link](https://a.example).',
        'Bold, slanted and code in a link.',
    ],
    ['headings and quotes', '## Title\n\n> Said *so*.', 'Title\nSaid so.'],
    ['lists', '- one\n- **two**\n\n3. three\n4. four', 'one\ntwo\n3. three\n4. four'],
    ['tasks', '- [x] done\n- [ ] open', 'done\nopen'],
    ['tables', '| a | b |\n|---|:-:|\n| 1 | **2** |', 'a, b\n1, 2'],
    ['code', 'See:\n\n```js\nlet a = 1;\n```', 'See:\nCode: let a = 1;'],
    ['formulas', 'With $x$ and $\\frac{1}{2}$.', 'With x and Formula.'],
    ['characters that are written by name', 'a &lt; b \\* c', 'a < b * c'],
    ['pictures', '![A cat](https://a.example/cat.png)', 'A cat'],
    ['what is no Markdown', 'Two * three * four', 'Two * three * four'],
])('%s are read as words', (_what, text, words) => {
    expect(plainText(text)).toBe(words);
});

test('a very long reply is said up to where a paragraph ends, and that there is more', () => {
    const paragraph = `${'word '.repeat(400).trim()}.`;
    const words = spoken(Array.from({ length: 100 }, () => paragraph).join('\n\n'));
    expect(words.length).toBeLessThan(10_100);
    expect(words).toMatch(/word\.\nThe reply is longer\. The rest stands in the chat\.$/);
});
