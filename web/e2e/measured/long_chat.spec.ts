// A chat of 5,000 messages opens its last page in under 300 ms and scrolls without stutter; 200 deltas/s do not drop
// frames. What a noisy machine of two cores makes of it is printed; bounds are the issue's, but for frames: a machine that
// is busy elsewhere drops them whatever the page does, so what the page itself takes of its thread is bounded, and they widely.
import type { Browser, Page } from '@playwright/test';

import { Parley } from '../support/parley';
import { PageServer, hasOwnPage } from '../support/page_server';
import { Api } from '../support/api';
import { Upstream } from '../support/upstream';
import { over } from '../support/config';
import { test as base, expect } from '../support/fixtures';
import { Screen } from '../support/screen';
import { Watch } from '../support/watch';
import { frames, longest, median, share, work } from '../support/frames';

const many = 5_000;

function words(n: number): string {
    return n % 7 === 0
        ? `message ${n}\n\n- a list\n- of \`things\`\n\n${'and some more words '.repeat(n % 30)}`
        : `message ${n}`;
}

interface Long {
    id: string;
    url: string;
}

/** One program for the file: filling it takes a while. */
const test = base.extend<object, { long: Long }>({
    long: [
        // eslint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs out of this pattern
        async ({}, give) => {
            const parley = new Parley();
            await parley.start();
            const api = new Api(parley.url);
            await api.newChat('a short one');
            const made = await api.newChat('a long one');
            const atOnce = 20; // they are shuffled a little
            for (let from = 1; from < many; from += atOnce) {
                const numbers = Array.from({ length: Math.min(atOnce, many - from) }, (_, n) => from + n);
                await Promise.all(numbers.map((n) => api.note(made.interaction_id, words(n))));
            }
            await api.note(made.interaction_id, words(many));
            const server = hasOwnPage ? await PageServer.before(parley.url) : null;
            await give({ id: made.interaction_id, url: server?.url ?? parley.url });
            await server?.close();
            await parley.stop();
            parley.forget();
        },
        { scope: 'worker', timeout: 180_000 },
    ],
});

/** A browser profile of its own, in which nothing may go wrong. */
async function visit(
    browser: Browser,
    url: string,
): Promise<{ page: Page; ui: Screen; close: () => Promise<void> }> {
    const page = await browser.newPage({ baseURL: url });
    const watch = new Watch();
    watch.follow(page.context());
    const close = async () => {
        await page.close();
        expect(watch.unexpected()).toEqual([]);
    };
    return { page, ui: new Screen(page, watch), close };
}

/** How many elements there are in it. */
function nextFrame(page: Page): Promise<number> {
    return page.evaluate(
        () =>
            new Promise<number>((done) =>
                requestAnimationFrame(() => done(document.querySelectorAll('*').length)),
            ),
    );
}

function told(gaps: number[]): string {
    const percent = (ms: number) => `${(share(gaps, ms) * 100).toFixed(1)} % over ${ms} ms`;
    return `${gaps.length} frames, ${percent(34)}, ${percent(100)}, longest ${longest(gaps).toFixed(0)} ms`;
}

/** The numbers of the messages that are in the page. */
async function numbers(ui: Screen): Promise<number[]> {
    const texts = await ui.messages.locator('.markdown').allTextContents();
    return texts.map((text) => Number(/^message (\d+)/.exec(text)?.[1]));
}

/** The same, gathered in the page: what scrolls by while this process stands still was there as well. */
async function seenInEachFrame(page: Page, wanted: number) {
    const gathered = await page.evaluateHandle(() => {
        const seen = new Set<number>();
        const look = () => {
            for (const one of document.querySelectorAll('main article .markdown'))
                seen.add(Number(/^message (\d+)/.exec(one.textContent)?.[1]));
            requestAnimationFrame(look);
        };
        look();
        return seen;
    });
    return {
        enough: () => gathered.evaluate((seen, number) => seen.has(number), wanted),
        all: async () => new Set(await gathered.evaluate((seen) => [...seen])),
    };
}

test('5,000 messages: the last page is open in under 300 ms', async ({ browser, long }) => {
    const { page, ui, close } = await visit(browser, long.url);
    const times: number[] = [];
    await ui.open();
    for (let round = 0; round < 6; round++) {
        await ui.newChat();
        await expect(ui.messages).toHaveCount(0);
        times.push(
            await page.evaluate(
                ({ id, text }) =>
                    new Promise<number>((done) => {
                        const began = performance.now();
                        const look = () => {
                            const shown = [
                                ...document.querySelectorAll('main [role=article], main article'),
                            ].at(-1);
                            if (shown?.textContent.includes(text)) {
                                const { bottom, top } = shown.getBoundingClientRect();
                                if (bottom > 0 && top < innerHeight) {
                                    done(performance.now() - began);
                                    return;
                                }
                            }
                            requestAnimationFrame(look);
                        };
                        location.hash = `#/c/${id}`;
                        requestAnimationFrame(look);
                    }),
                { id: long.id, text: `message ${many}` },
            ),
        );
    }
    const [first = 0, ...rest] = times;
    const nodes = await page.evaluate(() => document.querySelectorAll('*').length);
    console.log(
        `opening ${many} messages: first ${first.toFixed(0)} ms, then ${rest.map((ms) => ms.toFixed(0)).join(', ')} ms, median ${median(rest).toFixed(0)} ms; ${nodes} elements in the page`,
    );
    expect(median(rest)).toBeLessThan(300);
    expect(nodes).toBeLessThan(3_000);
    await close();
});

test('5,000 messages: loading the page at that chat', async ({ browser, long }) => {
    const times: number[] = [];
    for (let round = 0; round < 5; round++) {
        const page = await browser.newPage({ baseURL: long.url });
        await page.goto(`/#/c/${long.id}`);
        await expect(page.getByText(`message ${many}`, { exact: true })).toBeInViewport();
        times.push(await page.evaluate(() => performance.now()));
        await page.close();
    }
    console.log(
        `loading the page at a chat of ${many} messages: ${times.map((ms) => ms.toFixed(0)).join(', ')} ms, median ${median(times).toFixed(0)} ms`,
    );
    expect(median(times)).toBeLessThan(3_000); // an empty cache, a new process: only a guard against something silly
});

test('5,000 messages: scrolling up does not stutter, and the page does not grow', async ({
    browser,
    long,
}) => {
    const { page, ui, close } = await visit(browser, long.url);
    await ui.open(`/#/c/${long.id}`);
    await expect(page.getByText(`message ${many}`, { exact: true })).toBeInViewport();
    await page.mouse.move(800, 300);
    const turns = 60;
    const busy = await work(page);
    const measure = await frames(page);
    let most = 0;
    for (let turn = 0; turn < turns; turn++) {
        await page.mouse.wheel(0, -400);
        most = Math.max(most, await nextFrame(page));
    }
    const gaps = await measure();
    const each = (await busy()) / turns;
    expect(Math.max(...(await numbers(ui))), 'it was scrolled').toBeLessThan(many - 100);
    console.log(
        `scrolling: ${each.toFixed(1)} ms of the main thread for each of ${turns} turns of the wheel; ${told(gaps)}; at most ${most} elements`,
    );
    expect(most, 'elements in the page').toBeLessThan(3_000);
    expect(each, 'a turn is an animation of some ten frames of 16 ms').toBeLessThan(80);
    expect(share(gaps, 100)).toBeLessThan(0.1);
    await close();
});

test('5,000 messages: the way to the first one has no gap', async ({ browser, long }) => {
    const { page, ui, close } = await visit(browser, long.url);
    await ui.open(`/#/c/${long.id}`);
    await expect(page.getByText(`message ${many}`, { exact: true })).toBeInViewport();
    await page.mouse.move(800, 300);
    const wanted = 4_800; // 200 messages up: some pages of the server's
    const seen = await seenInEachFrame(page, wanted);
    while (!(await seen.enough())) {
        await page.mouse.wheel(0, -500);
        await nextFrame(page);
    }
    const all = await seen.all();
    for (let n = many; n > wanted + 20; n--) expect(all.has(n), `message ${n}`).toBe(true);
    await close();
});

test('200 deltas/s for 5 s do not drop frames', async ({ browser }) => {
    const upstream = await Upstream.open();
    const parley = new Parley(over(upstream.url));
    await parley.start();
    const server = hasOwnPage ? await PageServer.before(parley.url) : null;
    const { page, ui, close } = await visit(browser, server?.url ?? parley.url);
    await ui.open();
    const idle = await frames(page);
    await page.evaluate(() => new Promise((done) => setTimeout(done, 1000))); // what the machine does without us
    const quiet = await idle();
    await ui.send('As fast as you can.');
    const asked = await upstream.next();
    const words = Array.from({ length: 1000 }, (_, n) =>
        n % 40 === 39 ? `**word${n}**.\n\n` : n % 97 === 0 ? `\`code${n}\` ` : `word${n} `,
    );
    const busy = await work(page);
    const measure = await frames(page);
    await asked.pour(words.join(''), 200);
    const gaps = await measure();
    const part = (await busy()) / gaps.reduce((sum, gap) => sum + gap, 0);
    asked.end();
    await expect(ui.stopButton).toHaveCount(0);
    await expect(ui.reply).toContainText('word999');
    console.log(
        `200 deltas/s: the main thread works ${(part * 100).toFixed(0)} % of the time; ${told(gaps)}; idle before: ${told(quiet)}`,
    );
    expect(part, 'of the time that there is for frames').toBeLessThan(0.5);
    expect(share(gaps, 100)).toBeLessThan(0.05);
    await close();
    await server?.close();
    await parley.stop();
    parley.forget();
    await upstream.close();
});
