import { useEffect, useRef } from 'preact/hooks';

import { t } from '../../i18n';
import type { Notice } from '../../state/contract';
import { useAppState } from '../app/state_context';
import { Icon } from '../common/icons';
import { IconButton } from '../common/icon_button';
import { MissingPart } from './missing_part';
import { ariaKeys, keysOf } from './shortcuts';

/** Short messages at the edge of the page. Both regions are always there, so that screen readers hear what comes into them. */
export function Notices() {
    const { notices } = useAppState();
    const shown = notices.shown.value;
    const region = useRef<HTMLElement>(null);
    const pointed = useRef(false);

    // Not every browser tells that the focus has left with a button that was taken away.
    useEffect(() => {
        if (shown.length === 0) pointed.current = false; // nor that the pointer has
        notices.hold(pointed.current || region.current?.contains(document.activeElement) === true);
    }, [shown, notices]);
    const point = (inside: boolean) => {
        pointed.current = inside;
        notices.hold(inside);
    };
    return (
        // What can be undone waits while somebody is at it; a pointer that only rests where it appears is nobody.
        <section
            ref={region}
            class="notices"
            aria-label={t('shell.notices')}
            onPointerMove={() => point(true)}
            onPointerLeave={() => point(false)}
            onFocusIn={() => notices.hold(true)}
            onFocusOut={() => notices.hold(false)}
        >
            <div role="alert">
                {shown.filter(isError).map((notice) => (
                    <NoticeBox key={notice.id} notice={notice} />
                ))}
            </div>
            <div role="status">
                <MissingPart />
                {shown
                    .filter((notice) => !isError(notice))
                    .map((notice) => (
                        <NoticeBox key={notice.id} notice={notice} />
                    ))}
            </div>
        </section>
    );
}

function isError(notice: Notice): boolean {
    return notice.kind === 'error';
}

function NoticeBox({ notice }: { notice: Notice }) {
    const { notices } = useAppState();
    const { action } = notice;
    return (
        <div class={`notice notice-${notice.kind}`}>
            <Icon name={isError(notice) ? 'warning' : 'info'} />
            <p dir="auto">{notice.text}</p>
            {action && (
                <button
                    type="button"
                    class="notice-action"
                    title={isError(notice) ? undefined : keysOf('undo')}
                    aria-keyshortcuts={isError(notice) ? undefined : ariaKeys('undo')}
                    onClick={() => {
                        action.run();
                        notices.dismiss(notice.id);
                    }}
                >
                    {action.label}
                </button>
            )}
            <IconButton icon="close" label={t('shell.dismiss')} onClick={() => notices.dismiss(notice.id)} />
        </div>
    );
}
