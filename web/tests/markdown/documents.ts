// Texts as models write them, by which it is checked that a text shown bit by bit ends as the whole one.
export const documents: Record<string, string> = {
    prose: `# A title

A paragraph with **bold**, *leaning*, ***both***, ~~struck~~ and \`code\`, with a
second line, a [link](https://example.org/path?a=1&b=2 "title"), <https://example.org> and https://example.net/x.

Another one.\\
Hard break, and 2 * 3 * 4, snake_case_name, a [note], [1], an ![image](https://example.org/a.png).

Underlined
==========

Again
-----

> A quote
> of two lines, *lazily*
continued

> Another

***

Prices: $5 and $6, or US$7. The end.
`,
    lists: `Here is what to do:
- first
- second with **bold
  text**

  and a paragraph

- third
  1. one
  2. two
     - deep
- [ ] open task
- [x] done task

10. ten
11. eleven

    code in a list

Text after.
* star
* **star**: bold
1) other
2) kind

- a

- b

12 is a number.

1. a

2. b
3 is not
`,
    code: `Text before:
\`\`\`python title="x"
def f(x):
    # comment

    return \`x\`
- not a list
12
\`\`\`
Between.

~~~
~~
~~~

    indented

    still

1. In a list:

   \`\`\`js
   let a = "*x*";
   \`\`\`

   after

> \`\`\`
> quoted
> \`\`\`

\`\`\`\`md
\`\`\`
inner
\`\`\`
\`\`\`\`
Last.
`,
    tables: `A table:

| Name | Value | *x* |
|:-----|------:|:---:|
| a | **b** | \`c\\|d\` |
| e | f |
| g | [h](https://example.org/) | i

Not one: |x| = 5.

| lonely |

Text right before
| a | b |
|---|---|
| 1 | 2 |
and after.
`,
    math: `Inline $x^2 + y_1$ and \\(a*b*c\\), a *b $c*d$ e*.

$$
a
+ b
- c
= d
$$

So:
\\[
\\begin{aligned}
x &= 1 \\\\
y &= 2
\\end{aligned}
\\]
and on: $$e = mc^2$$ in a line, \\$5 escaped, \\(open

$$
never closed

- item
  $$
  x > 1
  $$
- next
`,
    references: `See [one] and [two][2], [three].

A paragraph.

[one]: https://example.org/one

More, with [2] and [One].

[2]: https://example.org/two "Two"
[three]: <https://example.org/three>
`,
    html: `Before <b>bold</b> and <i>

<div>
*not emphasis*

*emphasis*
</div>

<!-- a comment

over lines -->

<script>
let a = 1;

let b = 2;
</script>

After &amp; done &copy;.
`,
    rightToLeft: `# שלום עולם

פסקה עם **הדגשה** ו\`code\`.

- אחת
- two
- שלוש

> مرحبا بالعالم

| שם | value |
|---|---|
| א | b |
`,
};

/** The same numbers each time. */
export function drawn(seed: number): () => number {
    let state = seed;
    return () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return state / 2 ** 32;
    };
}
