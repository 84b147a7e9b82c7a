// The contract's limits of settings, told while typing is still possible; the server has the last word.
import { t } from '../../i18n';
import { countCharacters } from '../common/characters';
import {
    numberOf,
    settingsFields,
    stopsOf,
    wholeNumberOf,
    type SettingsDraft,
    type SettingsErrors,
} from './settings_draft';

const mostText = 32_768;
const mostStops = 8;
const longestStop = 128;

export function settingsErrors(draft: SettingsDraft): SettingsErrors {
    const found: SettingsErrors = {};
    const put = (field: keyof SettingsErrors, error: string | null) => {
        if (error !== null) found[field] = error;
    };
    put('prompt', lengthError(draft.prompt));
    put('temperature', rangeError(draft.temperature, { least: 0, most: 2 }));
    put('top_p', topPError(draft.top_p));
    put('max_output_tokens', rangeError(draft.max_output_tokens, { least: 1, most: 131_072, whole: true }));
    put('stop', stopError(draft.stop));
    put('seed', rangeError(draft.seed, { least: 0, most: 4_294_967_295, whole: true }));
    put('content_template', templateError(draft.content_template));
    return found;
}

/** The field that a `param` such as `settings.temperature` or `settings.stop.0` speaks of. */
export function fieldOf(param: string | null): keyof SettingsErrors | null {
    const name = /^settings\.([a-z_]+)/.exec(param ?? '')?.[1];
    return settingsFields.find((field) => field === name) ?? null;
}

function lengthError(text: string): string | null {
    return countCharacters(text) > mostText ? t('settings.error_length', { most: mostText }) : null;
}

export function rangeError(
    text: string,
    { least, most, whole = false }: { least: number; most: number; whole?: boolean },
): string | null {
    const value = whole ? wholeNumberOf(text) : numberOf(text);
    if (value === null || (value >= least && value <= most)) return null;
    return t(whole ? 'settings.error_whole' : 'settings.error_range', { least, most });
}

function topPError(text: string): string | null {
    const value = numberOf(text);
    return value === null || (value > 0 && value <= 1) ? null : t('settings.error_top_p');
}

function stopError(text: string): string | null {
    const stops = stopsOf(text) ?? [];
    if (stops.length > mostStops) return t('settings.error_stops', { most: mostStops });
    return stops.some((stop) => countCharacters(stop) > longestStop)
        ? t('settings.error_stop_length', { most: longestStop })
        : null;
}

function templateError(text: string): string | null {
    if (text !== '' && !text.includes('{{content}}')) return t('settings.error_template');
    return lengthError(text);
}
