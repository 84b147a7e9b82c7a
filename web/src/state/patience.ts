// Asking until there is an answer that would not change by itself.
import type { Answer } from '../api/client';
import type { Environment } from '../api/environment';
import { isAborted } from '../api/aborted';
import type { Failure } from './contract';
import { Retry } from './retry';

export interface Access {
    environment: Environment;
    /** Done when nobody asks for a key. */
    whenUsable: (aborted: AbortSignal) => Promise<void>;
}

/** Asking again would get the same answer. */
export function isForGood(status: number): boolean {
    return status >= 400 && status < 500 && status !== 401 && status !== 408 && status !== 429;
}

/** Null: it was aborted. `failed` is told of each try that failed and will be repeated. */
export async function askPatiently<T>(
    { environment, whenUsable }: Access,
    aborted: AbortSignal,
    ask: () => Promise<Answer<T>>,
    failed: (failure: Failure) => void,
): Promise<Answer<T> | null> {
    const retry = new Retry(environment);
    for (;;) {
        await whenUsable(aborted);
        if (aborted.aborted) return null;
        const answer = await ask();
        if (isAborted(aborted)) return null;
        if (answer.ok || isForGood(answer.status)) return answer;
        if (answer.status === 401) continue; // the session asks for a key
        failed(answer.failure);
        await retry.wait(aborted, answer.failure.retryAfter);
    }
}
