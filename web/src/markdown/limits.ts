// How much of a message is read as Markdown. What goes beyond is shown as plain text: no text, however it was made
// up, may keep the page busy or build an endless document.

/** Quotes and lists within each other, and emphasis and links within each other. */
export const maxDepth = 16;
/** Characters and lines of a message. */
export const maxText = 200_000;
export const maxLines = 10_000;
/** Characters of lists and quotes within others, as often as they are read: marked reads some again for each line. */
export const maxContained = 8_000_000;
/** Characters of one paragraph, cell or heading. */
export const maxRun = 20_000;
/** Characters that the inline rules may look at in one paragraph, and in one message. */
export const maxRunWork = 4_000_000;
export const maxWork = 40_000_000;
/** Pieces of inline text, cells, list items and blocks in one message. */
export const maxNodes = 30_000;
/** Blocks of one message. */
export const maxBlocks = 4_000;
/** Characters of a formula. */
export const maxFormula = 4_000;
/** Characters of code that is coloured, and of code that is coloured while it is still being written. */
export const maxColoured = 50_000;
export const maxColouredLive = 10_000;
/** Characters of a link's definition, and of a paragraph in which a line is looked for that begins a formula. */
export const maxDefinition = 2_000;
