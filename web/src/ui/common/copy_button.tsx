import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

import { t } from '../../i18n';
import { copyText } from '../../clipboard';
import { IconButton } from './icon_button';

const shownFor = { copied: 1_500, failed: 6_000 }; // ms; a failure has to be read
const icons = { not_yet: 'copy', copied: 'check', failed: 'warning' } as const;

/** Copies `text()` and says on itself whether it did. */
export function CopyButton({ text, label }: { text: () => string; label: string }) {
    const outcome = useSignal<'copied' | 'failed' | null>(null);
    const said = outcome.value;

    useEffect(() => {
        if (said === null) return;
        const timer = setTimeout(() => (outcome.value = null), shownFor[said]);
        return () => clearTimeout(timer);
    }, [said, outcome]);

    return (
        <>
            <IconButton
                icon={icons[said ?? 'not_yet']}
                label={label}
                onClick={() =>
                    void copyText(text()).then((done) => (outcome.value = done ? 'copied' : 'failed'))
                }
            />
            <span class={said === 'failed' ? 'copy-failed' : 'visually-hidden'} role="status">
                {said === 'copied' && t('chat.copied')}
                {said === 'failed' && t('chat.copy_failed')}
            </span>
        </>
    );
}
