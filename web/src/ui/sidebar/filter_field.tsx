import { t } from '../../i18n';
import { useAppState } from '../app/state_context';
import { Icon } from '../common/icons';
import { IconButton } from '../common/icon_button';
import { filterId, focusPlace } from '../shell/places';
import { keysOf } from '../shell/shortcuts';

export function FilterField() {
    const { interactions } = useAppState();
    const written = interactions.filter.value;
    const clear = () => {
        interactions.filter.value = '';
        focusPlace(filterId);
    };
    return (
        <div class="filter" role="search">
            <Icon name="search" />
            <input
                id={filterId}
                class="field filter-field"
                type="text"
                inputMode="search"
                enterKeyHint="search"
                autoComplete="off"
                spellcheck={false}
                dir="auto"
                aria-label={t('sidebar.filter')}
                title={`${t('sidebar.filter')} (${keysOf('search')})`}
                placeholder={t('sidebar.filter')}
                value={written}
                onInput={(event) => (interactions.filter.value = event.currentTarget.value)}
                onKeyDown={(event) => {
                    if (event.key !== 'Escape' || written === '') return;
                    event.preventDefault();
                    event.stopPropagation();
                    clear();
                }}
            />
            {written !== '' && <IconButton icon="close" label={t('sidebar.clear_filter')} onClick={clear} />}
        </div>
    );
}
