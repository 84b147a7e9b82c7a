// What every test begins with: the program with a store of its own, the page in a fresh browser profile, and an eye
// on what must not happen. A file changes what it needs with `test.use`.
import { type BrowserContext, type Page, test as base, expect } from '@playwright/test';

import { Accounts } from './accounts';
import { Api } from './api';
import { type Config, over } from './config';
import { Door } from './door';
import { PageServer, hasOwnPage } from './page_server';
import { Parley } from './parley';
import { Screen } from './screen';
import { SettingsPanel } from './settings_panel';
import { Upstream } from './upstream';
import { Watch } from './watch';

export { expect } from '@playwright/test';

interface Options {
    /** Over the plain configuration. */
    config: Config;
    /** Of the program's environment. */
    variables: Record<string, string>;
    /** Whether the default model is `upstream`, for which the test speaks. */
    speaks: boolean;
    /** Whether the network is in the test's hands (`door`). */
    network: 'real' | 'in hand';
    /** With which key `api` asks. */
    key: string | null;
}

interface Fixtures {
    upstream: Upstream;
    parley: Parley;
    door: Door;
    origin: string;
    api: Api;
    watch: Watch;
    ui: Screen;
    accounts: Accounts;
    settings: SettingsPanel;
    /** Another tab of the same browser. */
    anotherTab: () => Promise<Screen>;
    /** Another browser, which shares nothing with the first. */
    anotherBrowser: () => Promise<Screen>;
}

export const test = base.extend<Options & Fixtures>({
    config: [{}, { option: true }],
    variables: [{}, { option: true }],
    speaks: [false, { option: true }],
    network: ['real', { option: true }],
    key: [null, { option: true }],

    // eslint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs out of this pattern
    upstream: async ({}, give) => {
        const one = await Upstream.open();
        await give(one);
        await one.close();
    },

    parley: async ({ config, variables, speaks, upstream }, give, info) => {
        const one = new Parley(speaks ? over(upstream.url, config) : config, variables);
        await one.start();
        try {
            await give(one);
            await one.stop();
        } finally {
            await one.kill();
            if (info.status !== info.expectedStatus)
                await info.attach('server.log', { body: one.log, contentType: 'text/plain' });
            one.forget();
        }
    },

    door: async ({ origin }, give) => {
        const door = await Door.to(origin);
        await give(door);
        await door.close();
    },

    origin: async ({ parley }, give) => {
        if (!hasOwnPage) {
            await give(parley.url);
            return;
        }
        const server = await PageServer.before(parley.url);
        await give(server.url);
        await server.close();
    },

    baseURL: async ({ origin, network, door }, give) => {
        await give(network === 'in hand' ? door.url : origin);
    },

    api: async ({ parley, key }, give) => {
        await give(new Api(parley.url, key));
    },

    watch: async ({ context }, give) => {
        const watch = new Watch();
        watch.follow(context);
        await give(watch);
        expect(watch.unexpected(), 'errors in the console, exceptions, requests to other hosts').toEqual([]);
    },

    ui: async ({ page, watch }, give) => {
        await give(new Screen(page, watch));
    },

    accounts: async ({ ui }, give) => {
        await give(new Accounts(ui));
    },

    settings: async ({ ui }, give) => {
        await give(new SettingsPanel(ui));
    },

    anotherTab: async ({ context, watch }, give) => {
        await give(async () => new Screen(await context.newPage(), watch));
    },

    anotherBrowser: async ({ browser, contextOptions, baseURL, watch }, give) => {
        const opened: BrowserContext[] = [];
        await give(async () => {
            const context = await browser.newContext({ ...contextOptions, ...(baseURL ? { baseURL } : {}) });
            opened.push(context);
            watch.follow(context);
            const page: Page = await context.newPage();
            return new Screen(page, watch);
        });
        for (const one of opened) await one.close();
    },
});
