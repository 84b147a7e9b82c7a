import { useSignal } from '@preact/signals';

import { chooseLocale, chosenLocale, failureText, languages, locales, t, type Locale } from '../../i18n';
import type { AppState, Session } from '../../state/contract';
import { SegmentField, SelectField, TextField } from '../dialogs/fields';
import { Page, Section } from '../dialogs/page';
import { KeyboardHelp } from './keyboard_help';
import { PresetList } from './preset_list';
import { chooseTheme, theme } from './theme';

/** What a person sets for all of the page. */
export function PreferencesPage({ state }: { state: AppState }) {
    return (
        <Page title={t('preferences.title')}>
            <Section title={t('preferences.you')}>
                <NameForm session={state.session} />
                {state.session.hasKey.value && (
                    <div>
                        <button type="button" class="button" onClick={() => state.session.signOut()}>
                            {t('preferences.sign_out')}
                        </button>
                    </div>
                )}
            </Section>
            <Section title={t('preferences.appearance')}>
                <LanguageField />
                <SegmentField
                    label={t('preferences.theme')}
                    value={theme.value}
                    onValue={chooseTheme}
                    choices={[
                        { value: 'system', label: t('preferences.theme_system') },
                        { value: 'light', label: t('preferences.theme_light') },
                        { value: 'dark', label: t('preferences.theme_dark') },
                    ]}
                />
            </Section>
            <Section title={t('preferences.presets')}>
                <PresetList presets={state.presets} models={state.models} />
            </Section>
            <Section title={t('preferences.keyboard')}>
                <KeyboardHelp />
            </Section>
            <Section title={t('preferences.api')}>
                <p>{t('preferences.api_text')}</p>
                <p>
                    <a href="/docs">{t('preferences.api_link')}</a>
                </p>
            </Section>
        </Page>
    );
}

function NameForm({ session }: { session: Session }) {
    const typed = useSignal<string | null>(null);
    const error = useSignal<string | null>(null);
    const told = useSignal('');
    const name = typed.value ?? session.user.value?.name ?? '';

    const save = async () => {
        const failure = await session.rename(name.trim());
        error.value = failure && failureText(failure);
        told.value = failure ? '' : t('preferences.name_saved');
        if (!failure) typed.value = null;
    };
    return (
        <form
            class="preset-row"
            onSubmit={(event) => {
                event.preventDefault();
                void save();
            }}
        >
            <TextField
                label={t('preferences.name')}
                hint={t('preferences.name_hint')}
                error={error.value}
                maxLength={200}
                autoComplete="name"
                value={name}
                onValue={(text) => {
                    typed.value = text;
                    told.value = '';
                }}
            />
            <button type="submit" class="button" disabled={typed.value === null}>
                {t('dialog.save')}
            </button>
            <p class="field-hint preset-told" role="status">
                {told.value}
            </p>
        </form>
    );
}

function LanguageField() {
    return (
        <SelectField<Locale | 'browser'>
            label={t('preferences.language')}
            value={chosenLocale.value ?? 'browser'}
            onValue={(choice) => void chooseLocale(choice === 'browser' ? null : choice)}
            choices={[
                { value: 'browser', label: t('preferences.language_browser') },
                ...locales.map((tag) => ({ value: tag, label: languages[tag].name })),
            ]}
        />
    );
}
