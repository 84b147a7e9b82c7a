// Whether everything has its place: the page is never wider than its window, and nothing is cut off that cannot be
// scrolled to.
import type { Page } from '@playwright/test';

interface Overflow {
    /** So many pixels the page can be scrolled sideways. */
    sideways: number;
    /** What reaches out of the window without standing in something that scrolls. */
    cutOff: string[];
}

export const whole: Overflow = { sideways: 0, cutOff: [] };

export function overflow(page: Page): Promise<Overflow> {
    return page.evaluate(() => {
        const scrolls = (node: Element | null): boolean =>
            node !== null &&
            (/auto|scroll/.test(getComputedStyle(node).overflowX) || scrolls(node.parentElement));
        const isShortened = (node: Element | null): boolean =>
            node !== null &&
            (getComputedStyle(node).textOverflow === 'ellipsis' || isShortened(node.parentElement));
        const isSeen = (node: Element) =>
            node.closest('.visually-hidden, [aria-hidden=true], math, [inert]') === null;
        const out = [...document.body.querySelectorAll('*')].filter((node) => {
            const box = node.getBoundingClientRect();
            if (box.width === 0 || box.height === 0) return false;
            return (
                (box.right > innerWidth + 1 || box.left < -1) &&
                isSeen(node) &&
                !scrolls(node.parentElement) &&
                !isShortened(node)
            );
        });
        const width = Math.max(document.documentElement.scrollWidth, document.body.scrollWidth);
        return {
            sideways: Math.max(0, width - document.documentElement.clientWidth),
            cutOff: out.slice(0, 3).map((node) => node.outerHTML.slice(0, 120)),
        };
    });
}
