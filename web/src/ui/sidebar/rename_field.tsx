import { useLayoutEffect, useRef } from 'preact/hooks';

import { t } from '../../i18n';
import { isComposing } from '../common/composing';

const longestTitle = 200;

interface RenameFieldProps {
    title: string;
    /** The new title; null: it stays. */
    onDone: (title: string | null) => void;
}

/** A row's title as a field. Enter and leaving it keep what was written, Escape what was before. */
export function RenameField({ title, onDone }: RenameFieldProps) {
    const field = useRef<HTMLInputElement>(null);
    const over = useRef(false);

    useLayoutEffect(() => field.current?.select(), []);

    const end = (kept: boolean) => {
        if (over.current) return; // taking the field away makes it lose the focus once more
        over.current = true;
        const written = field.current?.value.trim() ?? '';
        onDone(kept && written !== '' && written !== title ? written : null);
    };

    return (
        <input
            ref={field}
            class="field chat-row-field"
            dir="auto"
            aria-label={t('sidebar.new_title')}
            defaultValue={title}
            maxLength={longestTitle}
            onBlur={() => end(true)}
            onKeyDown={(event) => {
                if (isComposing(event)) return;
                event.stopPropagation(); // arrows, Home and End are the field's
                if (event.key === 'Enter') end(true);
                else if (event.key === 'Escape') end(false);
            }}
        />
    );
}
