import type { Translated } from '../entry';
import type { stateEn } from './state.en';

export const stateDe = {
    'state.edited_is_gone':
        'Die bearbeitete Nachricht ist nicht mehr zu sehen. Was Sie geschrieben haben, steht im Feld.',
    'state.network': 'Der Server ist nicht erreichbar.',
    'state.unknown_answer': 'Etwas zwischen der Seite und dem Server hat mit Status {status} geantwortet.',
    'state.no_key': 'Das ist kein Schlüssel: Schlüssel haben keine Leerzeichen und keine Umlaute.',
    'state.removed': 'Der Chat wurde gelöscht.',
    'state.not_removed': 'Der Chat wird nicht gelöscht: Inzwischen wurde etwas hineingeschrieben.',
    'state.archived': 'Der Chat wurde archiviert.',
    'state.unarchived': 'Der Chat wurde aus dem Archiv geholt.',
    'state.undo': 'Rückgängig',
    'state.look': 'Zeigen',
    'state.not_sent_for_long':
        'Eine Nachricht, die einen Tag lang nicht gesendet werden konnte, ist wieder ein Entwurf.',
} satisfies Translated<typeof stateEn>;
