// Parts of the page that are not needed to read and write: each is a file of its own.
import { lazy } from './lazy';

export const SettingsPanel = lazy(async () => (await import('../settings/settings_panel')).SettingsPanel);
export const PreferencesPage = lazy(
    async () => (await import('../settings/preferences_page')).PreferencesPage,
);
export const UsagePage = lazy(async () => (await import('../usage/usage_page')).UsagePage);
export const KeysPage = lazy(async () => (await import('../keys/keys_page')).KeysPage);
export const UsersPage = lazy(async () => (await import('../users/users_page')).UsersPage);
export const SignIn = lazy(async () => (await import('../sign_in/sign_in')).SignIn);
export const ShortcutsHelp = lazy(async () => (await import('../shell/shortcuts_help')).ShortcutsHelp);
