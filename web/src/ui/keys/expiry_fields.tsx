import { t } from '../../i18n';
import { SelectField, TextField } from '../dialogs/fields';
import type { Expiry } from './expiry';

interface ExpiryFieldsProps {
    expiry: Expiry;
    error: string | null;
    onExpiry: (expiry: Expiry) => void;
}

export function ExpiryFields({ expiry, error, onExpiry }: ExpiryFieldsProps) {
    return (
        <>
            <SelectField
                label={t('keys.expiry')}
                value={expiry.kind}
                onValue={(kind) => onExpiry({ ...expiry, kind })}
                choices={[
                    { value: 'never', label: t('keys.expiry_never') },
                    { value: '30', label: t('keys.expiry_days', { count: 30 }) },
                    { value: '90', label: t('keys.expiry_days', { count: 90 }) },
                    { value: '365', label: t('keys.expiry_days', { count: 365 }) },
                    { value: 'day', label: t('keys.expiry_day') },
                ]}
            />
            {expiry.kind === 'day' && (
                <TextField
                    label={t('keys.expiry_on')}
                    type="date"
                    error={error}
                    value={expiry.day}
                    onValue={(chosen) => onExpiry({ ...expiry, day: chosen })}
                />
            )}
        </>
    );
}
