// How long the gaps between the frames of a page are.
import type { Page } from '@playwright/test';

/** From now on, until the answer is asked for. */
export async function frames(page: Page): Promise<() => Promise<number[]>> {
    const handle = await page.evaluateHandle(() => {
        const seen = { gaps: [] as number[], goesOn: true };
        let last = performance.now();
        const frame = (now: number) => {
            seen.gaps.push(now - last);
            last = now;
            if (seen.goesOn) requestAnimationFrame(frame);
        };
        requestAnimationFrame((now) => {
            last = now;
            requestAnimationFrame(frame);
        });
        return seen;
    });
    return () =>
        handle.evaluate((seen) => {
            seen.goesOn = false;
            return seen.gaps;
        });
}

export function median(values: number[]): number {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function longest(gaps: number[]): number {
    return Math.max(0, ...gaps);
}

/** Which part of them is longer than `ms`. */
export function share(gaps: number[], ms: number): number {
    return gaps.length === 0 ? 1 : gaps.filter((gap) => gap > ms).length / gaps.length;
}
