// The page as a person finds it, by role and name: a chat, its composer and its dialogs.
import { type Locator, expect } from '@playwright/test';

import { Frame, type Name } from './frame';

export class Screen extends Frame {
    // -- the chat

    get greeting(): Locator {
        return this.page.getByRole('heading', { name: /What is on your mind/ });
    }

    get conversation(): Locator {
        return this.greeting.or(this.page.getByRole('region', { name: 'Messages' }));
    }

    get messages(): Locator {
        return this.page.getByRole('main').getByRole('article');
    }

    get lastMessage(): Locator {
        return this.messages.last();
    }

    get questions(): Locator {
        return this.page.getByRole('main').getByRole('article', { name: /^You\b/ });
    }

    get replies(): Locator {
        return this.page.getByRole('main').getByRole('article', { name: /^Assistant\b/ });
    }

    /** What the last reply says. */
    get reply(): Locator {
        return this.replies.last().locator('.markdown');
    }

    ofReply(name: Name): Locator {
        return this.replies.last().getByRole('button', { name, exact: typeof name === 'string' });
    }

    ofMessage(text: string, name: string): Locator {
        return this.questions.filter({ hasText: text }).last().getByRole('button', { name, exact: true });
    }

    get siblingCount(): Locator {
        return this.page
            .getByRole('main')
            .getByRole('group', { name: 'Versions' })
            .last()
            .locator('span[aria-hidden=true]');
    }

    get previousSibling(): Locator {
        return this.button('Previous version').last();
    }

    get nextSibling(): Locator {
        return this.button('Next version').last();
    }

    async showDetails(): Promise<void> {
        await this.ofReply('Details').click();
    }

    get details(): Locator {
        return this.replies.last();
    }

    /** What is said about the reply that is not there yet. */
    get status(): Locator {
        return this.lastMessage;
    }

    get connectionLost(): Locator {
        return this.page.getByText('No connection. Trying again…');
    }

    /** To the first one; `each` is done at every stop on the way, and a long message takes two. */
    async scrollThroughMessages(each: () => Promise<void>): Promise<void> {
        const region = this.page.getByRole('region', { name: 'Messages' });
        await region.hover();
        for (let still = 0; still < 5;) {
            await each();
            const step = await this.messages.evaluateAll((all) => {
                const cut = all.find((one) => one.getBoundingClientRect().bottom > 0);
                return Math.min(-600, cut?.getBoundingClientRect().top ?? 0);
            });
            await this.page.mouse.wheel(0, step);
            const above = await region.evaluate(
                (node) =>
                    new Promise<number>((done) =>
                        requestAnimationFrame(() => requestAnimationFrame(() => done(node.scrollTop))),
                    ),
            );
            const loading = await this.page.getByText('Loading older messages…').count();
            still = above === 0 && loading === 0 ? still + 1 : 0;
        }
    }

    // -- the composer

    get composer(): Locator {
        return this.page.getByRole('textbox', { name: 'Message', exact: true });
    }

    get stopButton(): Locator {
        return this.button('Stop');
    }

    async send(text: string): Promise<void> {
        await expect(this.dialog).toHaveCount(0); // over a dialog, what is filled in goes into the dialog
        await this.composer.fill(text);
        await this.composer.press('Enter');
        await expect(this.composer).toHaveValue('');
    }

    /** On a phone, where Enter begins a new line. */
    async sendByTouch(text: string): Promise<void> {
        await this.composer.fill(text);
        await this.button('Send').tap();
        await expect(this.composer).toHaveValue('');
    }

    /** What was kept over signing in, in the field or with the message that failed. */
    async sendKept(text: string): Promise<void> {
        const kept = this.questions.filter({ hasText: text });
        if ((await this.composer.inputValue()) === text) await this.composer.press('Enter');
        else if (await this.button('Send again').isVisible()) await this.button('Send again').click();
        await expect(kept).toHaveCount(1);
    }

    get chosenModel(): Locator {
        return this.page.getByRole('combobox', { name: 'Model', exact: true });
    }

    modelChoices(): Promise<string[]> {
        return this.chosenModel.getByRole('option').allTextContents();
    }

    async chooseModel(name: string): Promise<void> {
        await this.chosenModel.selectOption(name);
        await expect(this.chosenModel).toHaveValue(name);
    }

    // -- dialogs

    get dialog(): Locator {
        return this.page.getByRole('dialog').or(this.page.getByRole('alertdialog'));
    }

    async closeDialog(): Promise<void> {
        await this.dialog.getByRole('button', { name: 'Close' }).first().click();
        await expect(this.dialog).toHaveCount(0);
    }

    // -- the keyboard

    /** By the Tab key alone. */
    async tabTo(there: Locator): Promise<void> {
        await expect(there).toBeAttached();
        for (let n = 0; n < 150; n++) {
            if (await there.evaluate((node) => node === document.activeElement)) return;
            await this.page.keyboard.press('Tab');
        }
        throw new Error(`The Tab key does not lead to ${there.toString()}.`);
    }
}
