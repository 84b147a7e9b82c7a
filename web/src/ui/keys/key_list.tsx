import type { Key } from '../../api/types';
import { formatDate, formatList, formatRelative, t } from '../../i18n';

interface KeyListProps {
    keys: Key[];
    carries: (hint: string) => boolean;
    onRevoke: (key: Key) => void;
}

export function KeyList({ keys, carries, onRevoke }: KeyListProps) {
    if (keys.length === 0) return <p class="muted">{t('keys.none')}</p>;
    return (
        <ul class="rows" aria-label={t('keys.list')}>
            {keys.map((key) => (
                <li key={key.key_id} class="row">
                    <div class="row-text">
                        <p class="row-title">
                            <bdi>{key.name || t('keys.unnamed')}</bdi>{' '}
                            {carries(key.hint) && <span class="badge badge-accent">{t('keys.in_use')}</span>}{' '}
                            {expired(key) && <span class="badge badge-danger">{t('keys.expired')}</span>}
                        </p>
                        <ul class="facts">
                            <li>
                                <code dir="ltr">{key.hint}…</code>
                            </li>
                            <li>
                                {t('keys.may', {
                                    list: formatList(key.scopes.map((scope) => t(`keys.scope_${scope}`))),
                                })}
                            </li>
                            <li>{t('keys.created', { when: formatDate(key.created_at) })}</li>
                            <li>
                                {key.expires_at
                                    ? t(expired(key) ? 'keys.expired_at' : 'keys.expires_at', {
                                          when: formatDate(key.expires_at),
                                      })
                                    : t('keys.never_expires')}
                            </li>
                            <li>
                                {key.last_used_at
                                    ? t('keys.last_used', { when: formatRelative(key.last_used_at) })
                                    : t('keys.never_used')}
                            </li>
                            {limited(key) && <li>{t('keys.limited')}</li>}
                        </ul>
                    </div>
                    <div class="row-actions">
                        <button
                            type="button"
                            class="button"
                            aria-label={t('keys.revoke_named', { name: key.name || key.hint })}
                            onClick={() => onRevoke(key)}
                        >
                            {t('keys.revoke')}
                        </button>
                    </div>
                </li>
            ))}
        </ul>
    );
}

function expired(key: Key): boolean {
    return key.expires_at !== null && Date.parse(key.expires_at) <= Date.now();
}

function limited(key: Key): boolean {
    return Object.values(key.limits).some((limit) => limit !== null);
}
