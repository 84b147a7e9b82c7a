// Texts with everything in them that a reply can have, for tests of how the page looks.
export const everything = `## Bread in short

Mix, **wait**, fold, *wait*, bake. With $f$ grams of flour and a ratio of $r$:

$$w = r \\cdot f$$

| Step | Minutes | Why |
|:-----|--------:|-----|
| Mix  | 5 | wets the flour |
| Wait | 720 | lets the yeast work |
| Bake | 45 | makes it bread |

\`\`\`python
def water(flour: float, ratio: float = 0.7) -> float:
    """Grams of water for grams of flour."""
    return flour * ratio
\`\`\`

> Patience is an ingredient.

1. Preheat to 250 °C.
2. Bake *covered* for 30 minutes.

See [the notes](https://example.org/bread) and call \`water(500)\`.`;

export const arabic = 'مرحبا! كيف يمكنني مساعدتك اليوم؟ اكتب `npm run build` ثم انتظر.';
export const hebrew = 'שלום, מה שלומך?';

/** Less of it, for a picture. */
export const pictured = `Mix, **wait**, fold, wait, bake. For $f$ grams of flour and a ratio of $r = 0.7$:

$$w = r \\cdot f$$

| Step | Minutes | Why |
|:-----|--------:|-----|
| Mix  | 5 | wets the flour |
| Wait | 720 | lets the yeast work |

\`\`\`python
def water(flour: float, ratio: float = 0.7) -> float:
    return flour * ratio
\`\`\``;
