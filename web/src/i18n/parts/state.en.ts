import type { Entry } from '../entry';

export const stateEn = {
    'state.edited_is_gone':
        'The message that you edited is not shown any more. What you wrote is in the field.',
    'state.network': 'The server cannot be reached.',
    'state.unknown_answer': 'Something between the page and the server answered with status {status}.',
    'state.no_key': 'This is no key: keys have no blanks and no letters with accents.',
    'state.removed': 'The chat was deleted.',
    'state.not_removed': 'The chat is not deleted: something was written into it meanwhile.',
    'state.archived': 'The chat was archived.',
    'state.unarchived': 'The chat was taken out of the archive.',
    'state.undo': 'Undo',
    'state.look': 'Show',
    'state.not_sent_for_long': 'A message that could not be sent for a day is a draft again.',
} satisfies Record<string, Entry>;
