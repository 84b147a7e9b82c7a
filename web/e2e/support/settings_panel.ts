// The settings of a chat, and presets, as a person finds them.
import { type Locator, expect } from '@playwright/test';

import type { Screen } from './screen';

export class SettingsPanel {
    constructor(private readonly screen: Screen) {}

    get button(): Locator {
        return this.screen.button('Settings of this chat');
    }

    get dialog(): Locator {
        return this.screen.page.getByRole('dialog', { name: 'Settings of this chat' });
    }

    get prompt(): Locator {
        return this.dialog.getByRole('textbox', { name: 'Instructions' });
    }

    get role(): Locator {
        return this.dialog.getByRole('combobox', { name: 'Sent as' });
    }

    get temperature(): Locator {
        return this.dialog.getByRole('textbox', { name: 'Temperature' });
    }

    get length(): Locator {
        return this.dialog.getByRole('textbox', { name: 'Longest reply' });
    }

    /** One of the models to choose from. */
    model(name: string): Locator {
        return this.dialog.getByRole('radio', { name, exact: true });
    }

    async chooseModel(name: string): Promise<void> {
        await this.dialog
            .locator('label')
            .filter({ hasText: new RegExp(`^${name}$`) })
            .click();
        await expect(this.model(name)).toBeChecked();
    }

    async open(): Promise<void> {
        await this.button.click();
        await expect(this.dialog).toBeVisible();
    }

    get saveButton(): Locator {
        return this.dialog.getByRole('button', { name: 'Save', exact: true });
    }

    async save(): Promise<void> {
        await this.saveButton.click();
        await expect(this.dialog).toHaveCount(0);
    }

    /** Without saving; what was changed is given up. */
    async close(): Promise<void> {
        await this.dialog.getByRole('button', { name: 'Cancel' }).click();
        await expect(this.dialog).toHaveCount(0);
    }

    async saveAsPreset(name: string): Promise<void> {
        await this.dialog.getByText('Save as a preset').click();
        await this.dialog.getByRole('textbox', { name: 'Name of the preset' }).fill(name);
        await this.dialog.getByRole('button', { name: 'Save preset' }).click();
        await expect(this.dialog.getByText(`The preset “${name}” is saved.`)).toBeVisible();
    }

    /** On the page of settings. */
    async deletePreset(name: string): Promise<void> {
        await this.screen.button(`Delete the preset “${name}”`).click();
        const confirm = this.screen.page.getByRole('dialog', { name: 'Delete the preset?' });
        await confirm.getByRole('button', { name: 'Delete' }).click();
        await expect(confirm).toHaveCount(0);
    }
}
