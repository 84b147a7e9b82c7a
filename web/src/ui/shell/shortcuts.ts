// The page's keys: what they are, how they are told, and whether an event is one of them.
import { t } from '../../i18n';

interface Keys {
    key: string;
    /** Ctrl, or ⌘ on a Mac. */
    command?: boolean;
    shift?: boolean;
    alt?: boolean;
}

const shortcuts = {
    new_chat: { key: 'o', command: true, shift: true },
    search: { key: 'k', command: true },
    focus_composer: { key: 'Escape', shift: true },
    stop: { key: 'Escape' },
    next_chat: { key: 'ArrowDown', alt: true },
    previous_chat: { key: 'ArrowUp', alt: true },
    copy_last: { key: 'c', command: true, shift: true },
    toggle_sidebar: { key: 's', command: true, shift: true },
    undo: { key: 'z', command: true },
    help: { key: '?' },
    send: { key: 'Enter' },
    new_line: { key: 'Enter', shift: true },
    edit_last: { key: 'ArrowUp' },
    rename_chat: { key: 'F2' },
} satisfies Record<string, Keys>;

export type ShortcutName = keyof typeof shortcuts;

export const shortcutNames = Object.keys(shortcuts) as ShortcutName[];

export const onMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Characters such as ? need Shift on one keyboard and not on another. */
function isCharacter(key: string): boolean {
    return key.length === 1 && key.toLowerCase() === key.toUpperCase();
}

/** The letter of the key, also on a keyboard that writes other ones (Кириллица, עברית …) in its place. */
function letterOf(event: KeyboardEvent): string {
    const foreign = event.key.length === 1 && event.key > '\u007f';
    const latin = foreign ? /^Key([A-Z])$/.exec(event.code)?.[1] : undefined;
    return (latin ?? event.key).toLowerCase();
}

export function isShortcut(event: KeyboardEvent, name: ShortcutName): boolean {
    const keys: Keys = shortcuts[name];
    const command = onMac ? event.metaKey : event.ctrlKey;
    const foreign = onMac ? event.ctrlKey : event.metaKey;
    return (
        letterOf(event) === keys.key.toLowerCase() &&
        command === (keys.command ?? false) &&
        event.altKey === (keys.alt ?? false) &&
        (isCharacter(keys.key) || event.shiftKey === (keys.shift ?? false)) &&
        !foreign
    );
}

/** Each key by its name on this computer, in the page's language. */
export function keyNames(name: ShortcutName): string[] {
    const keys: Keys = shortcuts[name];
    const names: string[] = [];
    if (keys.command) names.push(onMac ? '⌘' : t('keyboard.ctrl'));
    if (keys.alt) names.push(onMac ? '⌥' : t('keyboard.alt'));
    if (keys.shift) names.push(onMac ? '⇧' : t('keyboard.shift'));
    names.push(keyName(keys.key));
    return names;
}

export function keysOf(name: ShortcutName): string {
    return keyNames(name).join(onMac ? ' ' : '+');
}

/** In the form of aria-keyshortcuts. */
export function ariaKeys(name: ShortcutName): string {
    const keys: Keys = shortcuts[name];
    const parts = [
        keys.command ? (onMac ? 'Meta' : 'Control') : '',
        keys.alt ? 'Alt' : '',
        keys.shift ? 'Shift' : '',
        keys.key.length === 1 ? keys.key.toUpperCase() : keys.key,
    ];
    return parts.filter(Boolean).join('+');
}

function keyName(key: string): string {
    switch (key) {
        case 'Escape':
            return t('keyboard.escape');
        case 'Enter':
            return t('keyboard.enter');
        case 'ArrowUp':
            return '↑';
        case 'ArrowDown':
            return '↓';
        default:
            return key.toUpperCase();
    }
}
