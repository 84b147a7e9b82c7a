// Compresses the built page and packs it into one file, which the program carries: see
// src/adapters/http/web/page_pack.hpp for its form.
//   node tools/compress.js FOLDER [PACK]    without PACK: only prints how large everything is
import { Buffer } from 'node:buffer';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const [folder = 'dist', pack] = process.argv.slice(2);

/** In an order that does not depend on the machine, so that the same sources give the same program. */
function filesBelow(at) {
    const entries = readdirSync(at, { withFileTypes: true });
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    return entries.flatMap((one) => {
        const path = join(at, one.name);
        return one.isDirectory() ? filesBelow(path) : [path];
    });
}

function brotli(content) {
    return brotliCompressSync(content, {
        params: {
            [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
            [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
        },
    });
}

/** What the server may send, best first. A coding that saves nothing is left out: fonts and pictures are compressed. */
function waysOf(content) {
    const worthwhile = content.length * 0.95;
    return [
        { coding: 'br', content: brotli(content) },
        { coding: 'gzip', content: gzipSync(content, { level: 9 }) },
        { coding: 'identity', content },
    ].filter((way) => way.coding === 'identity' || way.content.length < worthwhile);
}

const lines = [];
const contents = [];
for (const path of filesBelow(folder)) {
    const name = relative(folder, path).split(sep).join('/');
    if (/\s/.test(name)) throw new Error(`${name}: no blanks in names, please`);
    const ways = waysOf(readFileSync(path));
    for (const { coding, content } of ways) {
        lines.push(`${name} ${coding} ${content.length}\n`);
        contents.push(content);
    }
    if (!pack) console.log(name, ways.map(({ coding, content }) => `${coding} ${content.length}`).join(', '));
}
if (pack) writeFileSync(pack, Buffer.concat([Buffer.from(`${lines.join('')}\n`), ...contents]));
