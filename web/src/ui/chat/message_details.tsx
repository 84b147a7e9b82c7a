import type { ComponentChildren } from 'preact';

import type { Message, Timings, Usage } from '../../api/types';
import { formatDateTime, formatMoney, formatNumber, t } from '../../i18n';
import { useAppState } from '../app/state_context';
import { attemptText } from './fail_over';

/** What a message cost and how quick it was, for who asks. */
export function MessageDetails({ message }: { message: Message }) {
    const { models } = useAppState();
    const { usage, timings } = message;
    const speed = speedOf(usage, timings);
    return (
        <dl class="details">
            <Fact name={t('chat.written_at')}>{formatDateTime(message.created_at)}</Fact>
            {message.model_name !== null && <Fact name={t('chat.model')}>{message.model_name}</Fact>}
            {usage && (
                <>
                    <Fact name={t('chat.tokens_in')}>{counted(usage.input_tokens, usage)}</Fact>
                    <Fact name={t('chat.tokens_cached')}>{counted(usage.cached_tokens, usage)}</Fact>
                    <Fact name={t('chat.tokens_out')}>{counted(usage.output_tokens, usage)}</Fact>
                </>
            )}
            {usage?.cost != null && (
                <Fact name={t('chat.cost')}>{formatMoney(usage.cost, models.currency.value)}</Fact>
            )}
            {timings && (
                <>
                    {timings.queued_ms >= 10 && (
                        <Fact name={t('chat.queued_for')}>{span(timings.queued_ms)}</Fact>
                    )}
                    {timings.time_to_first_token_ms !== null && (
                        <Fact name={t('chat.first_token')}>{span(timings.time_to_first_token_ms)}</Fact>
                    )}
                    <Fact name={t('chat.duration')}>{span(timings.duration_ms)}</Fact>
                </>
            )}
            {speed !== null && (
                <Fact name={t('chat.speed')}>
                    {t('chat.tokens_per_second', {
                        value: formatNumber(speed, { maximumSignificantDigits: 3 }),
                    })}
                </Fact>
            )}
            {message.attempts.length > 1 && (
                <Fact name={t('chat.asked')}>
                    {message.attempts.map((attempt, index) => (
                        <p key={index} dir="auto">
                            {attemptText(attempt)} ({span(attempt.duration_ms)})
                        </p>
                    ))}
                </Fact>
            )}
            {message.transformed_content !== null && (
                <Fact name={t('chat.transformed')}>
                    <p class="fold-text" dir="auto">
                        {message.transformed_content}
                    </p>
                </Fact>
            )}
        </dl>
    );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
    return (
        <div class="fact">
            <dt>{name}</dt>
            <dd>{children}</dd>
        </div>
    );
}

function counted(tokens: number, usage: Usage): string {
    return usage.estimated ? `${formatNumber(tokens)} (${t('chat.estimated')})` : formatNumber(tokens);
}

function span(milliseconds: number): string {
    if (milliseconds < 1000) return t('chat.milliseconds', { value: milliseconds });
    return t('chat.seconds', { value: formatNumber(milliseconds / 1000, { maximumSignificantDigits: 3 }) });
}

/** Tokens per second from the first one on. */
function speedOf(usage: Usage | null, timings: Timings | null): number | null {
    if (!usage || timings?.time_to_first_token_ms == null) return null;
    // A reply that came all at once has no time from its first token on.
    const writing = timings.duration_ms - timings.time_to_first_token_ms || timings.duration_ms;
    return writing > 0 && usage.output_tokens > 1 ? ((usage.output_tokens - 1) * 1000) / writing : null;
}
