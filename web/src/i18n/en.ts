// English: what the other languages are measured by. A message is a text, or a text for each plural (by {count}).
import type { Entry } from './entry';
import { markdownEn } from './parts/markdown.en';
import { pagesEn } from './parts/pages.en';
import { stateEn } from './parts/state.en';
import { viewsEn } from './parts/views.en';

export const en = {
    ...viewsEn,
    ...stateEn,
    ...markdownEn,
    ...pagesEn,

    'dialog.close': 'Close',
    'dialog.cancel': 'Cancel',
    'dialog.save': 'Save',
    'dialog.discard_title': 'Discard your changes?',
    'dialog.discard_text': 'What you have entered has not been saved.',
    'dialog.keep_editing': 'Keep editing',
    'dialog.discard': 'Discard',
    'dialog.type_to_confirm': 'Type “{text}” to confirm',

    'settings.title': 'Settings of this chat',
    'settings.default': 'Default',
    'settings.is_default': 'Default',
    'settings.reset': 'Reset to default',
    'settings.reset_field': 'Reset to default: {field}',
    'settings.more': 'More settings',

    'settings.model': 'Model',
    'settings.model_default': 'The server’s default',
    'settings.model_default_is': 'Now: {name}',
    'settings.model_default_hint': 'Whichever the server is set up to use.',
    'settings.model_absent': 'The server no longer has this model.',
    'settings.state_ready': 'Ready',
    'settings.state_loading': 'Loading',
    'settings.state_unloaded': 'Loads when asked',
    'settings.state_failed': 'Down',
    'settings.context_window': { one: 'Reads {count} token', other: 'Reads {count} tokens' },
    'settings.abilities': 'Can do: {list}',
    'settings.ability_tools': 'tools',
    'settings.ability_structured_output': 'structured output',
    'settings.ability_images': 'pictures',
    'settings.price': 'Per million tokens: {input} read, {output} written',
    'settings.targets': 'Asked in this order',
    'settings.breaker_open': 'Resting after failures',
    'settings.breaker_half_open': 'Being tried again',
    'settings.running': { one: '{count} reply under way', other: '{count} replies under way' },

    'settings.prompt': 'Instructions',
    'settings.prompt_hint': 'What the model reads before the conversation.',
    'settings.role': 'Sent as',
    'settings.role_hint': 'Which role the instructions have for the model.',
    'settings.role_system': 'System (default)',
    'settings.role_developer': 'Developer',
    'settings.role_user': 'User',
    'settings.temperature': 'Temperature',
    'settings.temperature_hint': 'From 0 (always the likeliest word) to 2 (surprising).',
    'settings.max_output_tokens': 'Longest reply',
    'settings.max_output_tokens_hint': 'In tokens, 1 to 131,072. A token is about three quarters of a word.',
    'settings.top_p': 'Top p',
    'settings.top_p_hint':
        'Only the likeliest words that together have this probability are considered; at most 1.',
    'settings.seed': 'Seed',
    'settings.seed_hint': 'The same seed gives a chat that runs alone the same text again.',
    'settings.stop': 'Stop texts',
    'settings.stop_hint':
        'A reply ends before the first of these. One per line; \\n stands for a line break.',
    'settings.on_busy': 'Sending while a reply is being written',
    'settings.on_busy_hint': 'What happens to the new message.',
    'settings.on_busy_reject': 'Is refused (default)',
    'settings.on_busy_queue': 'Waits for its turn',
    'settings.on_busy_interrupt': 'Ends the reply being written',
    'settings.content_template': 'Template around your messages',
    'settings.content_template_hint':
        'Your text stands for {{content}}; {{date}} and {{user.name}} are filled in, too. You see what you wrote.',
    'settings.mask': 'Hide from the model',
    'settings.mask_hint': 'In what you write, beside what the server hides anyway.',
    'settings.mask_email': 'E-mail addresses',
    'settings.mask_phone': 'Phone numbers',
    'settings.mask_card': 'Card numbers',

    'settings.error_length': 'At most {most} characters are allowed.',
    'settings.error_range': 'Enter a number from {least} to {most}.',
    'settings.error_whole': 'Enter a whole number from {least} to {most}.',
    'settings.error_top_p': 'Enter a number above 0 and at most 1.',
    'settings.error_stops': 'At most {most} stop texts are allowed.',
    'settings.error_stop_length': 'A stop text has at most {most} characters.',
    'settings.error_template': 'The template must contain {{content}}.',

    'settings.preset': 'Preset',
    'settings.preset_choose': 'Choose…',
    'settings.preset_apply': 'Apply',
    'settings.preset_applied': '“{name}” is filled in. Save to use it.',
    'settings.preset_save': 'Save as a preset',
    'settings.preset_name': 'Name of the preset',
    'settings.preset_replaces': 'There is a preset of this name; it will be replaced.',
    'settings.preset_save_button': 'Save preset',
    'settings.preset_replace': 'Replace preset',
    'settings.preset_saved': 'The preset “{name}” is saved.',

    'sign_in.title': 'Sign in',
    'sign_in.text': 'This server wants an API key. Your drafts and the open chat stay as they are.',
    'sign_in.key': 'API key',
    'sign_in.remember': 'Remember on this device',
    'sign_in.remember_hint': 'Otherwise the key is forgotten with this tab. Not on a device that others use.',
    'sign_in.submit': 'Sign in',
    'sign_in.checking': 'Checking…',
    'sign_in.error_empty': 'Enter your key.',
    'sign_in.where': 'Where do I get a key?',
    'sign_in.where_text':
        'From whoever runs this server. Administrators make keys on the page “Users”, or with this command on the server:',
} satisfies Record<string, Entry>;

export type MessageKey = keyof typeof en;
export type Messages = Record<MessageKey, Entry>;
