import { formatPercent, t } from '../../i18n';
import type { LiveReply } from '../../state/contract';

/** How far a reply is that is not over. */
export function LiveState({ live }: { live: LiveReply }) {
    switch (live.phase) {
        case 'sending':
            return <Dots label={t('chat.waiting')} />;
        case 'waiting':
            return <Waiting ahead={live.ahead} />;
        case 'loading_model':
            return <Loading model={live.modelName ?? t('chat.a_model')} loaded={live.loaded} />;
        case 'reconnecting':
            return (
                <p class="message-note live-line">
                    <span class="spinner" /> {t('chat.reconnecting')}
                </p>
            );
        case 'writing':
            return live.text === '' && live.reasoning === '' ? <Dots label={t('chat.writing')} /> : null;
    }
}

function Waiting({ ahead }: { ahead: number | null }) {
    if (ahead === null) return <Dots label={t('chat.waiting')} />;
    return (
        <p class="message-note live-line">
            <span class="spinner" />{' '}
            {ahead === 0 ? t('chat.waiting_next') : t('chat.ahead', { count: ahead })}
        </p>
    );
}

function Loading({ model, loaded }: { model: string; loaded: number | null }) {
    const label =
        loaded === null
            ? t('chat.loading_model', { model })
            : t('chat.loading_model_part', { model, percent: formatPercent(loaded) });
    return (
        <div class="message-note live-loading">
            <p>{label}</p>
            <progress aria-label={label} {...(loaded === null ? {} : { value: loaded, max: 1 })} />
        </div>
    );
}

function Dots({ label }: { label: string }) {
    return (
        <p class="message-note dots">
            <span class="visually-hidden">{label}</span>
            <span class="dot" />
            <span class="dot" />
            <span class="dot" />
        </p>
    );
}
