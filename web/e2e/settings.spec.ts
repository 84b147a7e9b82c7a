// Settings of an interaction: model picker (with what is up), role and prompt, temperature, length; presets. Usage.
import { failingOver } from './support/config';
import { expect, test } from './support/fixtures';
import { hold } from './support/hold';

const two = {
    models: [
        { name: 'scripted', kind: 'scripted', price_input: 1000, price_output: 2000 },
        { name: 'other', kind: 'scripted' },
        { name: 'broken', kind: 'llama', path: '/nowhere/at/all.gguf' },
    ],
    currency: 'EUR',
};

test.describe('settings', () => {
    test.use({ config: two });

    test('the model is picked, and the picker tells which are up', async ({ ui, api }) => {
        await ui.open();
        await expect(ui.chosenModel.getByRole('option')).toHaveText([
            /^Default \(scripted\)/,
            'scripted',
            'other',
            /broken.*down/,
        ]);
        await ui.chooseModel('other');
        await ui.send('Who are you?');
        await expect(ui.reply).toContainText('Who are you?');
        const id = await ui.chatId();
        expect((await api.chat(id)).settings.model_name).toBe('other');
        expect((await api.messages(id)).at(-1)?.model_name).toBe('other');
        await ui.page.reload();
        await expect(ui.chosenModel).toHaveValue('other');
    });

    test('a model that cannot be chosen is told, and the picker shows the one that stays', async ({
        ui,
        page,
        watch,
    }) => {
        watch.allowLostNetwork();
        await ui.open();
        await ui.send('Who are you?');
        await expect(ui.reply).toContainText('Who are you?');
        await page.route('**/interactions/*', (route) => route.abort());
        await ui.chosenModel.selectOption('other');
        await expect(page.getByRole('alert')).toContainText(/server/i);
        await expect(ui.chosenModel).toHaveValue('');
    });

    test('role, prompt, temperature and length are kept with the chat, and the model gets them', async ({
        ui,
        api,
        settings,
    }) => {
        const made = await api.newChat('with settings');
        await ui.openChat(made.interaction_id);
        await settings.open();
        await settings.prompt.fill('Be brief.');
        await settings.role.selectOption('Developer');
        await settings.temperature.fill('0.3');
        await settings.length.fill('77');
        await settings.save();
        expect((await api.chat(made.interaction_id)).settings).toMatchObject({
            prompt: 'Be brief.',
            role: 'developer',
            temperature: 0.3,
            max_output_tokens: 77,
        });
        await ui.send('hi');
        await expect(ui.reply).toContainText('[developer] Be brief. | [user] hi');
        await ui.page.reload();
        await settings.open();
        await expect(settings.prompt).toHaveValue('Be brief.');
        await expect(settings.temperature).toHaveValue('0.3');
        await expect(settings.length).toHaveValue('77');
        await settings.dialog.getByRole('button', { name: 'Reset to default: Longest reply' }).click();
        await settings.save();
        expect((await api.chat(made.interaction_id)).settings.max_output_tokens).toBeNull();
    });

    test('the settings of a chat can be opened when it has been loaded, and not before', async ({
        ui,
        api,
        page,
        settings,
    }) => {
        const made = await api.newChat('slow to load');
        await ui.openChat(made.interaction_id);
        await settings.open();
        await settings.prompt.fill('Be brief.');
        await settings.save();
        const carryOn = await hold(page, '**/interactions**');
        await page.reload();
        await expect(settings.button).toBeDisabled();
        carryOn();
        await settings.open();
        await expect(settings.prompt).toHaveValue('Be brief.');
    });

    test('the model can be chosen in the settings, too, with what it costs and why it is down', async ({
        ui,
        api,
        settings,
    }) => {
        const made = await api.newChat('with a model');
        await ui.openChat(made.interaction_id);
        await settings.open();
        await expect(settings.dialog).toContainText('Ready');
        await expect(settings.dialog).toContainText('Down');
        await expect(settings.dialog).toContainText(/€1,000.*read, €2,000/);
        await settings.chooseModel('other');
        await settings.save();
        await expect(ui.chosenModel).toHaveValue('other');
        expect((await api.chat(made.interaction_id)).settings.model_name).toBe('other');
    });

    test('what is impossible is refused with words, and nothing is changed', async ({
        ui,
        api,
        settings,
    }) => {
        const made = await api.newChat('stubborn');
        await ui.openChat(made.interaction_id);
        await settings.open();
        await settings.length.fill('0');
        await settings.saveButton.click();
        await expect(settings.dialog).toContainText('Enter a whole number from 1 to 131,072.');
        await expect(settings.length).toBeFocused();
        await expect(settings.length).toHaveAttribute('aria-invalid', 'true');
        expect((await api.chat(made.interaction_id)).settings.max_output_tokens).toBeNull();
    });

    test('thousands may be parted as people part them', async ({ ui, api, settings }) => {
        await ui.open();
        await ui.send('Hello.');
        await expect(ui.reply).toContainText('Hello.');
        await settings.open();
        await settings.length.fill('2,000');
        await settings.save();
        const id = await ui.chatId();
        await expect.poll(async () => (await api.chat(id)).settings.max_output_tokens).toBe(2000);
    });

    test('a chat that is not begun keeps its settings for its beginning', async ({ ui, api, settings }) => {
        await ui.open();
        await settings.open();
        await settings.prompt.fill('Be early.');
        await settings.save();
        await ui.send('hi');
        await expect(ui.reply).toContainText('[system] Be early. | [user] hi');
        expect((await api.chat(await ui.chatId())).settings.prompt).toBe('Be early.');
    });

    test('a preset is saved, chosen for a new chat, and deleted', async ({ ui, api, settings, page }) => {
        await ui.open();
        await settings.open();
        await settings.prompt.fill('Talk like a pirate.');
        await settings.saveAsPreset('Pirate');
        await page.reload();
        await page.getByRole('combobox', { name: 'Begin with' }).selectOption('Pirate');
        await ui.send('Ahoy');
        await expect(ui.reply).toContainText('[system] Talk like a pirate. | [user] Ahoy');
        expect((await api.chat(await ui.chatId())).settings.prompt).toBe('Talk like a pirate.');
        await ui.visit('Settings');
        await settings.deletePreset('Pirate');
        await ui.newChat();
        await expect(page.getByRole('combobox', { name: 'Begin with' })).toHaveCount(0);
        await ui.send('Plain');
        await expect(ui.reply).toHaveText('[user] Plain');
    });

    test('a change in one tab is in the other', async ({ ui, api, anotherTab }) => {
        const made = await api.newChat('shared');
        await ui.openChat(made.interaction_id);
        const other = await anotherTab();
        await other.openChat(made.interaction_id);
        await ui.chooseModel('other');
        await expect(other.chosenModel).toHaveValue('other');
    });

    test('usage and cost are a plot by day, and a table for who cannot see it', async ({ ui, api }) => {
        const made = await api.newChat('used');
        await api.say(made.interaction_id, 'one two three four five');
        await ui.open();
        await ui.visit('Usage');
        await expect(ui.page.locator('canvas')).toBeVisible();
        const report = await api.ask<{ total: { cost: number; output_tokens: number } }>('GET', '/usage');
        expect(report.total.cost).toBeGreaterThan(0);
        await expect(ui.page.getByText(/€|EUR/).first()).toBeVisible();
        await expect(ui.page.getByRole('table')).toContainText('scripted');
        await expect(ui.page.getByRole('main')).toContainText(String(report.total.output_tokens));
    });
});

test.describe('a route', () => {
    test.use({ config: failingOver });

    test('is in the picker like a model', async ({ ui }) => {
        await ui.open();
        await expect.poll(async () => (await ui.modelChoices()).join()).toContain('assistant');
    });
});
