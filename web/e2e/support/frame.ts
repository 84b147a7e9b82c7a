// The frame of the page as a person finds it, by role and name: where one is, and the list of chats.
import { type Locator, type Page, expect } from '@playwright/test';

import type { Watch } from './watch';

export type Name = string | RegExp;

export abstract class Frame {
    /** What a test wrote down that should not have happened. */
    readonly troubles: string[] = [];

    constructor(
        readonly page: Page,
        readonly watch: Watch,
    ) {}

    /** Where one writes; where it is there and takes something, the page is ready. */
    abstract readonly composer: Locator;

    // -- getting there

    async open(address = '/'): Promise<void> {
        await this.page.goto(address);
        await expect(this.composer).toBeVisible();
        await expect(this.composer).toBeEnabled();
    }

    /** What was said in the chat that is shown, or the welcome where nothing was: it has been read. */
    abstract readonly conversation: Locator;

    /** Without loading the page anew where it is there already. */
    async openChat(id: string): Promise<void> {
        if (this.page.url().startsWith('http'))
            await this.page.evaluate((hash) => (location.hash = hash), `#/c/${id}`);
        else await this.page.goto(`/#/c/${id}`);
        await expect(this.composer).toBeEnabled();
        await expect(this.page).toHaveURL(new RegExp(id));
        await expect(this.conversation).toBeVisible();
    }

    async newChat(): Promise<void> {
        await this.linkTo('New chat').click();
        await expect(this.page).toHaveURL(/#\/$/);
    }

    async visit(name: string): Promise<void> {
        await this.linkTo(name).click();
        await expect(this.page.getByRole('heading', { level: 1 })).toBeVisible();
    }

    linkTo(name: string): Locator {
        return this.page.getByRole('link', { name, exact: true }).and(this.page.locator(':not([data-chat])'));
    }

    button(name: Name): Locator {
        return this.page.getByRole('button', { name, exact: typeof name === 'string' });
    }

    /** The id of the chat that is shown, when it has one. */
    async chatId(): Promise<string> {
        await expect(this.page).toHaveURL(/#\/c\/[0-9a-f-]{36}$/);
        return this.page.url().slice(-36);
    }

    // -- the list

    private get list(): Locator {
        return this.page.getByRole('navigation', { name: /^(Chats|Archived chats)$/ });
    }

    /** The titles, in their order. */
    get chats(): Locator {
        return this.list.getByRole('link').locator('[dir=auto]');
    }

    get currentChat(): Locator {
        return this.list.locator('[aria-current=page] [dir=auto]');
    }

    get dayHeadings(): Locator {
        return this.list.getByRole('heading');
    }

    get filter(): Locator {
        return this.page.getByRole('textbox', { name: 'Search chats by title' });
    }

    get renaming(): Locator {
        return this.page.getByRole('textbox', { name: 'New title' });
    }

    chat(title: string): Locator {
        return this.list.getByRole('link', { name: title, exact: true });
    }

    chatsUnder(heading: string): Locator {
        return this.list
            .getByRole('region', { name: heading, exact: true })
            .getByRole('link')
            .locator('[dir=auto]');
    }

    menuOf(title: string): Locator {
        return this.button(`Menu of “${title}”`);
    }

    async openMenuOf(title: string): Promise<void> {
        await this.list.getByText(title, { exact: true }).hover();
        await this.menuOf(title).click();
        await expect(this.page.getByRole('menu')).toBeVisible();
    }

    async chooseOf(title: string, what: string): Promise<void> {
        await this.openMenuOf(title);
        await this.page.getByRole('menuitem', { name: what, exact: true }).click();
        await expect(this.page.getByRole('menu')).toHaveCount(0);
    }

    async showArchive(): Promise<void> {
        await this.button('Archived chats').click();
    }

    async leaveArchive(): Promise<void> {
        await this.button('Back to all chats').click();
    }

    /** Every title that comes by on the way to the end, in its order. */
    async scrollThroughChats(): Promise<string[]> {
        const seen: string[] = [];
        await this.chats.first().hover();
        for (let still = 0; still < 5;) {
            const before = seen.length;
            for (const title of await this.chats.allTextContents())
                if (!seen.includes(title)) seen.push(title);
            const moved = await this.list.evaluate(async (nav) => {
                const scroller = [...nav.querySelectorAll('*')].find(
                    (one) => one.scrollHeight > one.clientHeight + 1,
                );
                const from = scroller?.scrollTop ?? 0;
                scroller?.scrollBy({ top: scroller.clientHeight / 2, behavior: 'instant' });
                await new Promise(requestAnimationFrame);
                await new Promise(requestAnimationFrame);
                return (scroller?.scrollTop ?? 0) > from;
            });
            const loading = await this.list.getByText('Loading chats…').count();
            still = moved || loading > 0 || seen.length > before ? 0 : still + 1;
        }
        return seen;
    }
}
