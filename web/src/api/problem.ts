// Why a request failed, as the state tells it on.
import { t } from '../i18n';
import type { Failure } from '../state/contract';

/** A failure that no server told: no answer came. */
export function networkFailure(): Failure {
    return { code: 'network', detail: t('state.network'), param: null, retryAfter: null };
}

/** Of an answer that is no success: the server's own words, or its status where something else answered (a proxy). */
export async function readProblem(answer: Response): Promise<Failure> {
    const retryAfter = readRetryAfter(answer.headers.get('retry-after'));
    const unknown = {
        code: `http_${answer.status}`,
        detail: t('state.unknown_answer', { status: String(answer.status) }),
        param: null,
        retryAfter,
    };
    try {
        const told: unknown = await answer.json();
        if (typeof told !== 'object' || told === null) return unknown;
        if (!('code' in told) || typeof told.code !== 'string') return unknown;
        const detail = 'detail' in told && typeof told.detail === 'string' ? told.detail : unknown.detail;
        const param = 'param' in told && typeof told.param === 'string' ? told.param : null;
        return { code: told.code, detail, param, retryAfter };
    } catch {
        return unknown;
    }
}

function readRetryAfter(header: string | null): number | null {
    return header !== null && /^\d{1,9}$/.test(header) ? Number(header) : null;
}
