// Signing in, keys, users and presets, as a person finds them.
import { type Locator, expect } from '@playwright/test';

import type { Screen } from './screen';

export class Accounts {
    constructor(private readonly screen: Screen) {}

    private get dialog(): Locator {
        return this.screen.dialog;
    }

    // -- signing in

    get keyField(): Locator {
        return this.screen.page.getByLabel('API key', { exact: true });
    }

    async signIn(key: string, remember = false): Promise<void> {
        await this.keyField.fill(key);
        await this.dialog.getByRole('checkbox').setChecked(remember);
        await this.dialog.getByRole('button', { name: /^Sign in/ }).click();
    }

    async signOut(): Promise<void> {
        await this.screen.button('Sign out').first().click();
    }

    // -- keys, users

    row(name: string): Locator {
        const title = this.screen.page.getByText(name, { exact: true });
        return this.screen.page.getByRole('listitem').filter({ has: title });
    }

    /** Its text, which is shown this once: until `keyIsKept`. */
    async makeAndShowKey(name: string): Promise<string> {
        await this.screen.button('New key').last().click();
        const form = this.screen.page.getByRole('dialog', { name: 'New key' });
        await form.getByRole('textbox', { name: 'Name' }).fill(name);
        await form.getByRole('button', { name: 'New key' }).click();
        const shown = this.screen.page.getByRole('textbox', { name: `Key “${name}”` });
        await expect(shown).toHaveValue(/^parley_/);
        return shown.inputValue();
    }

    async keyIsKept(): Promise<void> {
        const done = this.screen.button('I have copied it');
        await done.click();
        await expect(done).toHaveCount(0);
    }

    async makeKey(name: string): Promise<string> {
        const text = await this.makeAndShowKey(name);
        await this.keyIsKept();
        return text;
    }

    async revoke(name: string): Promise<void> {
        await this.screen.button(`Revoke the key “${name}”`).click();
        await this.screen.page
            .getByRole('dialog', { name: 'Revoke the key?' })
            .getByRole('button', { name: 'Revoke' })
            .click();
        await expect(this.screen.button(`Revoke the key “${name}”`)).toHaveCount(0);
    }

    async makeUser(name: string): Promise<void> {
        await this.screen.button('New user').click();
        await this.dialog.getByRole('textbox', { name: 'Name' }).fill(name);
        await this.dialog.getByRole('button', { name: /^(Save|New user|Create)/ }).click();
        await expect(this.dialog).toHaveCount(0);
    }

    async renameUser(from: string, to: string): Promise<void> {
        await this.screen.button(`Change ${from}`).click();
        await this.dialog.getByRole('textbox', { name: 'Name' }).fill(to);
        await this.dialog.getByRole('button', { name: /^Save/ }).click();
        await expect(this.dialog).toHaveCount(0);
    }

    async openKeysOf(user: string): Promise<void> {
        await this.screen.button(`Keys of ${user}`).click();
        await expect(this.dialog).toBeVisible();
    }

    /** With the name typed, as it wants it. */
    async deleteUser(name: string): Promise<void> {
        await this.screen.button(`Delete ${name}`).click();
        const confirm = this.dialog.getByRole('button', { name: /^Delete/ });
        await expect(confirm).toBeDisabled();
        await this.dialog.getByRole('textbox').fill(name);
        await confirm.click();
        await expect(this.dialog).toHaveCount(0);
    }
}
