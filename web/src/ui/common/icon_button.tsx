import type { Ref } from 'preact';

import { say } from './announcer';
import { Icon, type IconName } from './icons';

interface IconButtonProps {
    icon: IconName;
    /** What it does: its name for everybody, shown to those who point at it. */
    label: string;
    onClick: () => void;
    id?: string;
    class?: string;
    /** It stays reachable when it can not be used, so that it can say why. */
    disabled?: boolean;
    why?: string | undefined;
    expanded?: boolean;
    /** It opens a menu. */
    menu?: boolean;
    /** Not among what the Tab key stops at. */
    skipped?: boolean;
    shortcut?: string | undefined;
    buttonRef?: Ref<HTMLButtonElement>;
}

export function IconButton(props: IconButtonProps) {
    const {
        icon,
        label,
        onClick,
        disabled = false,
        why,
        expanded,
        menu = false,
        skipped = false,
        shortcut,
        buttonRef,
    } = props;
    return (
        <button
            {...(buttonRef ? { ref: buttonRef } : {})}
            type="button"
            id={props.id}
            class={`icon-button ${props.class ?? ''}`}
            aria-label={label}
            title={disabled && why ? why : shortcut ? `${label} (${shortcut})` : label}
            aria-disabled={disabled || undefined}
            aria-expanded={expanded}
            aria-haspopup={menu ? 'menu' : undefined}
            tabIndex={skipped ? -1 : undefined}
            onClick={() => {
                if (!disabled) onClick();
                else if (why) say(why);
            }}
        >
            <Icon name={icon} />
        </button>
    );
}
