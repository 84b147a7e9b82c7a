// Limits as a form holds them: each is left to what else holds, none at all, or a number.
import type { Limits } from '../../api/types';
import { rangeError } from '../settings/settings_rules';
import { wholeNumberOf } from '../settings/settings_draft';
import { t } from '../../i18n';

export const limitNames = [
    'requests_per_minute',
    'concurrent_streams',
    'queued_generations',
    'tokens_per_day',
] as const satisfies (keyof Limits)[];

export type LimitName = (typeof limitNames)[number];

export interface LimitDraft {
    kind: 'unset' | 'none' | 'number';
    number: string;
}

export type LimitsDraft = Record<LimitName, LimitDraft>;

const unset: LimitDraft = { kind: 'unset', number: '' };

export const noLimits: LimitsDraft = {
    requests_per_minute: unset,
    concurrent_streams: unset,
    queued_generations: unset,
    tokens_per_day: unset,
};

export function limitsDraftOf(limits: Limits): LimitsDraft {
    const draft = { ...noLimits };
    for (const name of limitNames) {
        const limit = limits[name];
        if (limit === 0) draft[name] = { kind: 'none', number: '' };
        else if (limit !== null) draft[name] = { kind: 'number', number: String(limit) };
    }
    return draft;
}

/** As the server takes them; null where nothing is set. Only of a draft without errors. */
export function limitsOf(draft: LimitsDraft): Limits | null {
    const limit = ({ kind, number }: LimitDraft) =>
        kind === 'unset' ? null : kind === 'none' ? 0 : wholeNumberOf(number);
    const limits: Limits = {
        requests_per_minute: limit(draft.requests_per_minute),
        concurrent_streams: limit(draft.concurrent_streams),
        queued_generations: limit(draft.queued_generations),
        tokens_per_day: limit(draft.tokens_per_day),
    };
    return limitNames.some((name) => limits[name] !== null) ? limits : null;
}

const most = 1_000_000_000_000;

export function limitErrors(draft: LimitsDraft): Partial<Record<LimitName, string>> {
    const errors: Partial<Record<LimitName, string>> = {};
    for (const name of limitNames) {
        const { kind, number } = draft[name];
        if (kind !== 'number') continue;
        const error =
            number.trim() === ''
                ? t('users.limit_needed')
                : rangeError(number, { least: 1, most, whole: true });
        if (error !== null) errors[name] = error;
    }
    return errors;
}
