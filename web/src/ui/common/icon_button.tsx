import type { Ref } from 'preact';

import { Icon, type IconName } from './icons';

interface IconButtonProps {
    icon: IconName;
    /** What it does: its name for everybody, shown to those who point at it. */
    label: string;
    onClick: () => void;
    class?: string;
    /** It stays reachable when it can not be used, so that its label can say why. */
    disabled?: boolean;
    expanded?: boolean;
    /** Not among what the Tab key stops at. */
    skipped?: boolean;
    shortcut?: string | undefined;
    buttonRef?: Ref<HTMLButtonElement>;
}

export function IconButton(props: IconButtonProps) {
    const { icon, label, onClick, disabled = false, expanded, skipped = false, shortcut, buttonRef } = props;
    return (
        <button
            {...(buttonRef ? { ref: buttonRef } : {})}
            type="button"
            class={`icon-button ${props.class ?? ''}`}
            aria-label={label}
            title={shortcut ? `${label} (${shortcut})` : label}
            aria-disabled={disabled || undefined}
            aria-expanded={expanded}
            tabIndex={skipped ? -1 : undefined}
            onClick={() => {
                if (!disabled) onClick();
            }}
        >
            <Icon name={icon} />
        </button>
    );
}
