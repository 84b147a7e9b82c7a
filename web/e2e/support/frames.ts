// How smooth a page is: the gaps between its frames, which tell of the whole machine, and the processor time of its main
// thread, which tells of the page alone however busy others are.
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

/** Milliseconds of processor time that the page's main thread takes from now on, until the answer is asked for. */
export async function work(page: Page): Promise<() => Promise<number>> {
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const taken = async () => {
        const { metrics } = await session.send('Performance.getMetrics');
        return (metrics.find((one) => one.name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
    };
    const before = await taken();
    return async () => {
        const after = await taken();
        await session.detach();
        return after - before;
    };
}
