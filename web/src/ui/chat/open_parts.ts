import { useCallback } from 'preact/hooks';

/** Which foldable parts of messages are open: a message that is scrolled out of sight and back finds its parts as they were. */
const open = new Set<string>();

export function useOpenPart(id: string): { open: boolean; onToggle: (event: Event) => void } {
    const onToggle = useCallback(
        (event: Event) => {
            if (!(event.currentTarget instanceof HTMLDetailsElement)) return;
            if (event.currentTarget.open) open.add(id);
            else open.delete(id);
        },
        [id],
    );
    return { open: open.has(id), onToggle };
}
