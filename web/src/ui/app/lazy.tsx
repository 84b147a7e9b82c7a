import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';

import { t } from '../../i18n';
import { ReloadButton } from './reload_button';

/**
 * A component whose code is brought when it is shown for the first time. A file that does not come can be asked for again;
 * after an upgrade of the server it is not there any more, but the page as it is now is.
 */
export function lazy<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
    let loaded: ComponentType<Props> | null = null;

    return function Lazy(props: Props) {
        const state = useSignal<'loading' | 'there' | 'failed'>(loaded ? 'there' : 'loading');
        const wanted = state.value === 'loading';

        useEffect(() => {
            if (!wanted) return;
            load().then(
                (component) => {
                    loaded = component;
                    state.value = 'there';
                },
                () => (state.value = 'failed'),
            );
        }, [wanted, state]);

        if (state.value === 'failed') {
            return (
                <div class="part-state" role="alert">
                    <p>{t('shell.part_failed')}</p>
                    <div class="part-answers">
                        <ReloadButton />
                        <button type="button" class="button" onClick={() => (state.value = 'loading')}>
                            {t('shell.try_again')}
                        </button>
                    </div>
                </div>
            );
        }
        const Loaded = loaded;
        return Loaded ? (
            <Loaded {...props} />
        ) : (
            <p class="part-state muted late" role="status">
                {t('shell.part_loading')}
            </p>
        );
    };
}
