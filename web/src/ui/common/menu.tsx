import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';

import { Icon, type IconName } from './icons';
import { IconButton } from './icon_button';
import { placeBeside } from './place_beside';

export interface MenuEntry {
    icon: IconName;
    label: string;
    /** Deletes: drawn so that nobody takes it by accident. */
    danger?: boolean;
    run: () => void;
}

interface MenuButtonProps {
    label: string;
    entries: MenuEntry[];
    /** Not among what the Tab key stops at. */
    skipped?: boolean;
}

/** A button with a menu. The browser closes the menu at a click elsewhere and at Escape. */
export function MenuButton({ label, entries, skipped = false }: MenuButtonProps) {
    const open = useSignal(false);
    const button = useRef<HTMLButtonElement>(null);
    return (
        <>
            <IconButton
                icon="dots"
                label={label}
                expanded={open.value}
                menu
                buttonRef={button}
                skipped={skipped}
                onClick={() => (open.value = !open.value)}
            />
            {open.value && (
                <Menu label={label} entries={entries} button={button} onClose={() => (open.value = false)} />
            )}
        </>
    );
}

interface MenuProps {
    label: string;
    entries: MenuEntry[];
    button: { current: HTMLButtonElement | null };
    onClose: () => void;
}

function Menu({ label, entries, button, onClose }: MenuProps) {
    const menu = useRef<HTMLDivElement>(null);
    const latest = useRef(onClose);
    useLayoutEffect(() => {
        latest.current = onClose;
    });

    useLayoutEffect(() => {
        const element = menu.current;
        if (!element) return;
        const closed = (event: ToggleEvent) => {
            if (event.newState === 'closed') latest.current();
        };
        element.addEventListener('toggle', closed);
        element.showPopover();
        if (button.current) placeBeside(element, button.current);
        element.querySelector<HTMLElement>('[role=menuitem]')?.focus({ preventScroll: true });
        return () => element.removeEventListener('toggle', closed);
    }, [button]);

    const choose = (entry: MenuEntry) => {
        button.current?.focus();
        onClose();
        entry.run();
    };

    const move = (event: KeyboardEvent) => {
        const items = [...(menu.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
        const here = items.findIndex((item) => item === document.activeElement);
        const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: -1 }[event.key];
        if (to !== undefined) {
            event.preventDefault();
            items.at(to % items.length)?.focus();
        } else if (event.key === 'Tab' || event.key === 'Escape') {
            event.preventDefault();
            event.stopPropagation();
            button.current?.focus();
            onClose();
        }
    };

    return (
        <div
            ref={menu}
            class="menu"
            role="menu"
            tabIndex={-1}
            aria-label={label}
            popover="auto"
            onKeyDown={move}
        >
            {entries.map((entry) => (
                <button
                    key={entry.label}
                    type="button"
                    role="menuitem"
                    tabIndex={-1}
                    class={entry.danger ? 'menu-item menu-item-danger' : 'menu-item'}
                    onClick={() => choose(entry)}
                >
                    <Icon name={entry.icon} />
                    {entry.label}
                </button>
            ))}
        </div>
    );
}
