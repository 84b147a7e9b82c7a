// Light or dark: as the system has it, or as the person wants it on this device.
import { signal, type ReadonlySignal } from '@preact/signals';

import { keep, kept } from '../../i18n';

export type Theme = 'system' | 'light' | 'dark';

const chosen = signal<Theme>('system');

export const theme: ReadonlySignal<Theme> = chosen;

export function startTheme(): void {
    const before = kept('theme');
    show(before === 'light' || before === 'dark' ? before : 'system');
}

export function chooseTheme(choice: Theme): void {
    keep('theme', choice === 'system' ? null : choice);
    show(choice);
}

function show(choice: Theme): void {
    chosen.value = choice;
    if (choice === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = choice;
}
