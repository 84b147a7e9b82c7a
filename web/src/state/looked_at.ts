// Whether somebody looks at the page, or has a moment ago. A browser has only a few connections for one server: a page
// that nobody looks at gives back those that are for looking.
import { signal, type ReadonlySignal } from '@preact/signals';

import type { Environment } from '../api/environment';

const aMoment = 30_000;

export function watchLooks({ clock, page }: Pick<Environment, 'clock' | 'page'>): ReadonlySignal<boolean> {
    const looked = signal(!page.isHidden());
    let cancel: () => void = () => undefined;
    page.on('hidden', () => {
        cancel();
        cancel = clock.after(aMoment, () => (looked.value = false));
    });
    page.on('shown', () => {
        cancel();
        looked.value = true;
    });
    return looked;
}
