// What a screen reader would say by itself.
import type { Page } from '@playwright/test';

/** All that live regions say from now on. */
export async function listen(page: Page): Promise<() => Promise<string[]>> {
    const handle = await page.evaluateHandle(() => {
        const heard: string[] = [];
        const regions = '[aria-live]:not([aria-live=off]), [role=status], [role=alert], [role=log]';
        const hidden = (node: Element | null) =>
            node?.closest('[aria-hidden=true], [hidden], [aria-live=off]') !== null;
        new MutationObserver((changes) => {
            const told = new Set<Element>();
            for (const { target } of changes) {
                const element = target instanceof Element ? target : target.parentElement;
                const region = element?.closest(regions);
                if (region && !hidden(element)) told.add(region);
            }
            for (const region of told) if (region.textContent.trim()) heard.push(region.textContent.trim());
        }).observe(document.body, { subtree: true, childList: true, characterData: true });
        return heard;
    });
    return () => handle.evaluate((heard) => [...heard]);
}
