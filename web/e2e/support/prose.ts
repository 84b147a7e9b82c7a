// Texts with everything in them that a reply can have, for tests of how the page looks.
export const everything = `## Bread in short

Mix, **wait**, fold, *wait*, bake. The ratio by weight is $1 : 0.7 : 0.02$, so that

$$w = 0.7 \\cdot f$$

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
