// A request that begins a turn, up to the moment in which the server has acknowledged it; its events go on to a sink.
import type { Answer } from '../api/client';
import type { Clock } from '../api/environment';
import { readEvents, type ServerEvent } from '../api/event_stream';
import { networkFailure } from '../api/problem';
import type { Turn } from '../api/types';
import type { Failure } from './contract';
import { readTurnEvent } from './turn_event';

/** Takes the events of a turn behind its beginning. */
export interface TurnSink {
    event(event: ServerEvent): void;
    closed(): void;
}

export type Acknowledgement = { ok: true } | { ok: false; status: number; failure: Failure };

/**
 * `begun` is told what was stored, and answers who wants the events of the reply; null: nobody, and the stream is
 * closed. `abort` closes it later. `aborted` ends the request as long as it is not acknowledged.
 */
export async function requestTurn(
    clock: Clock,
    aborted: AbortSignal,
    open: (signal: AbortSignal) => Promise<Answer<Response>>,
    begun: (turn: Turn, abort: () => void) => TurnSink | null,
): Promise<Acknowledgement> {
    const controller = new AbortController();
    const abort = () => controller.abort();
    aborted.addEventListener('abort', abort);
    try {
        const answer = await open(controller.signal);
        if (!answer.ok) return answer;
        const isStream = answer.value.headers.get('content-type')?.startsWith('text/event-stream') === true;
        return await (isStream
            ? readStream(answer.value, clock, controller, begun)
            : readWhole(answer.value, begun));
    } finally {
        aborted.removeEventListener('abort', abort);
    }
}

/** Done at the first event; the others come behind it. */
function readStream(
    response: Response,
    clock: Clock,
    controller: AbortController,
    begun: (turn: Turn, abort: () => void) => TurnSink | null,
): Promise<Acknowledgement> {
    return new Promise((resolve) => {
        let sink: TurnSink | null = null;
        let acknowledged = false;
        const abort = () => controller.abort();
        const take = (event: ServerEvent): void => {
            if (acknowledged) {
                sink?.event(event);
                return;
            }
            const read = readTurnEvent(event);
            if (read?.kind !== 'created') return;
            acknowledged = true;
            resolve({ ok: true });
            sink = begun(read.turn, abort);
            if (sink === null) abort();
        };
        void readEvents(response.body, take, clock, controller.signal).then(() => {
            if (acknowledged) sink?.closed();
            else resolve({ ok: false, status: 0, failure: networkFailure() });
        });
    });
}

/** A server that does not stream (or only stored the message) answers with the turn itself. */
async function readWhole(
    response: Response,
    begun: (turn: Turn, abort: () => void) => TurnSink | null,
): Promise<Acknowledgement> {
    try {
        const turn = (await response.json()) as Turn;
        begun(turn, () => undefined)?.closed();
        return { ok: true };
    } catch {
        return { ok: false, status: 0, failure: networkFailure() };
    }
}
