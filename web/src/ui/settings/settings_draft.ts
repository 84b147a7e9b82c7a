// The settings as a form holds them: what was typed, with an empty field for the server's default.
import type { SettingsInput } from '../../api/types';

export type Masked = 'email' | 'phone' | 'card';

export interface SettingsDraft {
    model_name: string;
    role: 'system' | 'developer' | 'user';
    prompt: string;
    temperature: string;
    top_p: string;
    max_output_tokens: string;
    stop: string; // one per line, a line break in one is \n
    seed: string;
    on_busy: 'reject' | 'queue' | 'interrupt';
    content_template: string;
    mask: Masked[];
}

export type SettingsField = keyof SettingsDraft;

export type SettingsErrors = Partial<Record<SettingsField, string>>;

export const settingsFields = [
    'model_name',
    'role',
    'prompt',
    'temperature',
    'top_p',
    'max_output_tokens',
    'stop',
    'seed',
    'on_busy',
    'content_template',
    'mask',
] as const satisfies SettingsField[];

export function draftOf(settings: SettingsInput): SettingsDraft {
    return {
        model_name: settings.model_name ?? '',
        role: settings.role ?? 'system',
        prompt: settings.prompt ?? '',
        temperature: textOf(settings.temperature),
        top_p: textOf(settings.top_p),
        max_output_tokens: textOf(settings.max_output_tokens),
        stop: (settings.stop ?? []).map(escaped).join('\n'),
        seed: textOf(settings.seed),
        on_busy: settings.on_busy ?? 'reject',
        content_template: settings.content_template ?? '',
        mask: [...(settings.mask ?? [])],
    };
}

/** What the draft says of a field; null is the default. Only of a draft without errors. */
const values = {
    model_name: (draft) => draft.model_name || null,
    role: (draft) => (draft.role === 'system' ? null : draft.role),
    prompt: (draft) => draft.prompt || null,
    temperature: (draft) => numberOf(draft.temperature),
    top_p: (draft) => numberOf(draft.top_p),
    max_output_tokens: (draft) => wholeNumberOf(draft.max_output_tokens),
    stop: (draft) => stopsOf(draft.stop),
    seed: (draft) => wholeNumberOf(draft.seed),
    on_busy: (draft) => (draft.on_busy === 'reject' ? null : draft.on_busy),
    content_template: (draft) => draft.content_template || null,
    mask: (draft) => (draft.mask.length > 0 ? draft.mask : null),
} satisfies { [Field in SettingsField]: (draft: SettingsDraft) => SettingsInput[Field] };

/** All that is not the default, as a preset keeps it. */
export function settingsOf(draft: SettingsDraft): SettingsInput {
    return taken(draft, (field) => values[field](draft) !== null);
}

/** What differs from `before`, as a change is sent: what was changed elsewhere meanwhile stays. */
export function changesOf(draft: SettingsDraft, before: SettingsDraft): SettingsInput {
    return taken(
        draft,
        (field) => JSON.stringify(values[field](draft)) !== JSON.stringify(values[field](before)),
    );
}

function taken(draft: SettingsDraft, wanted: (field: SettingsField) => boolean): SettingsInput {
    return Object.fromEntries(settingsFields.filter(wanted).map((field) => [field, values[field](draft)]));
}

export function sameDraft(one: SettingsDraft, other: SettingsDraft): boolean {
    return settingsFields.every((field) => String(one[field]) === String(other[field]));
}

function textOf(value: number | null | undefined): string {
    return value === null || value === undefined ? '' : String(value);
}

/** The number that was typed, with a point or a comma; NaN where it is none. */
export function numberOf(text: string): number | null {
    const trimmed = text.trim();
    return trimmed === '' ? null : Number(trimmed.replace(',', '.'));
}

const grouped = /^\d{1,3}(?:([.,'’\s])\d{3})(?:\1\d{3})*$/;

/** The same of a whole number, in which points and commas can only part its thousands: 100,000 is no 100. */
export function wholeNumberOf(text: string): number | null {
    const trimmed = text.trim();
    if (trimmed === '') return null;
    if (grouped.test(trimmed)) return Number(trimmed.replace(/\D/g, ''));
    return /^\d+$/.test(trimmed) ? Number(trimmed) : NaN;
}

export function stopsOf(text: string): string[] | null {
    const lines = text.split('\n').filter((line) => line !== '');
    return lines.length > 0 ? lines.map(unescaped) : null;
}

const escapes: Record<string, string> = { '\n': '\\n', '\t': '\\t', '\r': '\\r', '\\': '\\\\' };
const meanings: Record<string, string> = { n: '\n', t: '\t', r: '\r', '\\': '\\' };

function escaped(stop: string): string {
    return stop.replace(/[\n\t\r\\]/g, (character) => escapes[character] ?? character);
}

function unescaped(line: string): string {
    return line.replace(/\\([ntr\\])/g, (_, letter: string) => meanings[letter] ?? letter);
}
