import { describe, expect, it } from 'vitest';

import { isShortcut, keysOf, type ShortcutName, shortcutNames } from '../../src/ui/shell/shortcuts';

function pressed(key: string, modifiers: KeyboardEventInit = {}): ShortcutName[] {
    const event = new KeyboardEvent('keydown', { key, ...modifiers });
    return shortcutNames.filter((name) => isShortcut(event, name));
}

describe('a shortcut', () => {
    it('is its keys and no others', () => {
        expect(pressed('O', { ctrlKey: true, shiftKey: true })).toEqual(['new_chat']);
        expect(pressed('o', { ctrlKey: true })).toEqual([]);
        expect(pressed('o', { metaKey: true, ctrlKey: true, shiftKey: true })).toEqual([]);
        expect(pressed('Escape')).toEqual(['stop']);
        expect(pressed('Escape', { shiftKey: true })).toEqual(['focus_composer']);
        expect(pressed('ArrowUp', { altKey: true })).toEqual(['previous_chat']);
    });

    it('that is a character does not ask with which keys a keyboard writes it', () => {
        expect(pressed('?')).toEqual(['help']);
        expect(pressed('?', { shiftKey: true })).toEqual(['help']);
        expect(pressed('?', { ctrlKey: true })).toEqual([]);
    });

    it('is the same key where a keyboard writes other letters', () => {
        expect(pressed('Щ', { code: 'KeyO', ctrlKey: true, shiftKey: true })).toEqual(['new_chat']);
        expect(pressed('л', { code: 'KeyK', ctrlKey: true })).toEqual(['search']);
        expect(pressed('k', { code: 'KeyV', ctrlKey: true })).toEqual(['search']); // Dvorak: its own letter counts
    });

    it('is told by the names of its keys', () => {
        expect(keysOf('new_chat')).toBe('Ctrl+Shift+O');
        expect(keysOf('previous_chat')).toBe('Alt+↑');
    });
});
