import type { Page } from '@playwright/test';

/** Requests to these addresses wait until what this answers is called. */
export async function hold(page: Page, addresses: string): Promise<() => void> {
    let carryOn: () => void = () => undefined;
    const held = new Promise<void>((done) => (carryOn = done));
    await page.route(addresses, async (route) => {
        await held;
        await route.continue();
    });
    return carryOn;
}
