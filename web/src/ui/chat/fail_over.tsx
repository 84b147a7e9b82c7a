import type { Attempt, Message } from '../../api/types';
import { formatList, t } from '../../i18n';
import { Icon } from '../common/icons';

/** That not the first model answered which was asked, and why. */
export function FailOver({ message }: { message: Message }) {
    const answered = message.attempts.find(
        (attempt) => attempt.outcome === 'ok' || attempt.outcome === 'stopped',
    );
    const others = message.attempts.filter(
        (attempt) => attempt !== answered && attempt.outcome !== 'cancelled',
    );
    if (!answered || others.length === 0) return null;
    return (
        <p class="message-note muted fail-over">
            <Icon name="branch" />
            {t('chat.fail_over', { model: answered.target, failed: formatList(others.map(attemptText)) })}
        </p>
    );
}

/** What came of asking a model, in words. */
export function attemptText(attempt: Attempt): string {
    const values = { target: attempt.target, why: attempt.message ?? attempt.outcome };
    switch (attempt.outcome) {
        case 'ok':
        case 'stopped':
            return attempt.target;
        case 'skipped':
            return t('chat.attempt_skipped', values);
        case 'cancelled':
            return t('chat.attempt_cancelled', values);
        default:
            return t('chat.fail_over_one', values);
    }
}
