import { describe, expect, it, vi } from 'vitest';

import { SettingsPanel } from '../../src/ui/settings/settings_panel';
import { aFailure, aModel, fakeChat, fakeState } from './fake_state';
import { button, check, errorOf, field, press, pressKey, settled, show, text, type } from './shown';

async function open({ settings = {}, models = [aModel()] } = {}) {
    const fakes = { ...fakeState(...models), ...fakeChat(settings), onClose: vi.fn<() => void>() };
    await show(<SettingsPanel chat={fakes.chat} state={fakes.state} onClose={fakes.onClose} />);
    return fakes;
}

describe('the settings of a chat', () => {
    it('send only what was changed, and close', async () => {
        const { changeSettings, onClose } = await open({
            settings: { prompt: 'Be brief.', temperature: 0.5 },
        });
        await type('Temperature', '1.25');
        await press('Save');
        expect(changeSettings).toHaveBeenCalledExactlyOnceWith({ temperature: 1.25 });
        expect(onClose).toHaveBeenCalledOnce();
    });

    it('go back to the default by a button', async () => {
        const { changeSettings } = await open({ settings: { temperature: 0.5 } });
        await press('Reset to default: Temperature');
        expect(field('Temperature').placeholder).toBe('Default');
        await press('Save');
        expect(changeSettings).toHaveBeenCalledExactlyOnceWith({ temperature: null });
    });

    it('say at the field what is wrong, go there, and send nothing', async () => {
        const { changeSettings } = await open();
        await type('Seed', '-3');
        await press('Save');
        expect(errorOf(field('Seed'))).toContain('whole number');
        expect(document.activeElement).toBe(field('Seed'));
        expect(field('Seed').closest('details')?.open).toBe(true);
        expect(changeSettings).not.toHaveBeenCalled();
    });

    it('show at its field what the server refuses, and stay open', async () => {
        const { changeSettings, onClose } = await open();
        changeSettings.mockResolvedValue(aFailure({ detail: 'Too hot.', param: 'settings.temperature' }));
        await type('Temperature', '2');
        await press('Save');
        expect(errorOf(field('Temperature'))).toBe('Too hot.');
        expect(onClose).not.toHaveBeenCalled();
    });

    it('say below what went wrong as a whole', async () => {
        const { changeSettings } = await open();
        changeSettings.mockResolvedValue(aFailure({ code: 'network', detail: 'No connection.' }));
        await press('Save');
        expect(document.querySelector('[role=alert]')?.textContent).toBe('No connection.');
    });

    it('ask before changes are lost', async () => {
        const { onClose } = await open();
        await type('Instructions', 'Be brief.');
        await pressKey('Escape');
        expect(onClose).not.toHaveBeenCalled();
        await press('Keep editing');
        expect(field('Instructions').value).toBe('Be brief.');
        await press('Close');
        await press('Discard');
        expect(onClose).toHaveBeenCalledOnce();
    });

    it('close at once when nothing was changed', async () => {
        const { onClose } = await open();
        await pressKey('Escape');
        expect(onClose).toHaveBeenCalledOnce();
    });
});

describe('the model picker', () => {
    const route = aModel({
        name: 'route',
        kind: 'route',
        default: false,
        price: { input: 0.15, cached_input: 0, output: 0.6 },
        abilities: { tools: true, structured_output: false, images: true },
        targets: [{ name: 'far', state: 'ready', breaker: 'open', running: 2 }],
    });
    const broken = aModel({ name: 'broken', default: false, state: 'failed', problem: 'No such file.' });

    it('tells what is up, what it can do and what it costs', async () => {
        await open({ models: [aModel(), route, broken] });
        for (const told of [
            'Now: small',
            'Ready',
            'Reads 8,192 tokens',
            'tools and pictures',
            '€0.15',
            'Resting after failures',
            '2 replies under way',
            'Down',
            'No such file.',
        ]) {
            expect(text()).toContain(told);
        }
    });

    it('asks for the models anew when it opens, and chooses one', async () => {
        const { models, changeSettings } = await open({ models: [aModel(), route] });
        expect(models.refresh).toHaveBeenCalled();
        await check('route');
        await press('Save');
        expect(changeSettings).toHaveBeenCalledExactlyOnceWith({ model_name: 'route' });
    });

    it('shows a chosen model that is gone', async () => {
        await open({ settings: { model_name: 'gone' } });
        expect(field('gone').checked).toBe(true);
        expect(text()).toContain('no longer has this model');
    });
});

describe('presets in the settings', () => {
    it('fill the form, with defaults for what they leave open', async () => {
        const fakes = { ...fakeState(aModel()), ...fakeChat({ seed: 3 }) };
        fakes.presets.save({ name: 'calm', settings: { temperature: 0.1 } });
        await show(<SettingsPanel chat={fakes.chat} state={fakes.state} onClose={vi.fn()} />);
        const choice = field('Preset') as unknown as HTMLSelectElement;
        choice.selectedIndex = 1;
        choice.dispatchEvent(new Event('change', { bubbles: true }));
        await settled();
        await press('Apply');
        await press('Save');
        expect(fakes.changeSettings).toHaveBeenCalledExactlyOnceWith({ temperature: 0.1, seed: null });
    });

    it('are saved as what the form says', async () => {
        const { presets } = await open({ settings: { temperature: 0.3 } });
        await type('Name of the preset', ' calm ');
        await press('Save preset');
        expect(presets.all.value).toEqual([{ name: 'calm', settings: { temperature: 0.3 } }]);
        await type('Name of the preset', 'calm');
        expect(button('Replace preset').disabled).toBe(false);
    });
});
