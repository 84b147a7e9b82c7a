// German. A key that is missing here does not compile.
import type { Messages } from './en';
import { markdownDe } from './parts/markdown.de';
import { stateDe } from './parts/state.de';
import { viewsDe } from './parts/views.de';

export const de = {
    ...viewsDe,
    ...stateDe,
    ...markdownDe,

    'dialog.close': 'Schließen',
    'dialog.cancel': 'Abbrechen',
} satisfies Messages;
