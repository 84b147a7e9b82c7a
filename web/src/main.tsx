import { render } from 'preact';

import { startLocale } from './i18n';
import { createAppState } from './state/app_state';
import './styles/theme.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/sidebar.css';
import './styles/chat.css';
import './styles/message_parts.css';
import './styles/composer.css';
import { App } from './ui/app/app';
import { startTheme } from './ui/settings/theme';

startTheme();
const page = document.getElementById('page');
if (page === null) throw new Error('index.html has no place for the page.');
const state = createAppState(); // asks the server while the language comes
await startLocale();
render(<App state={state} />, page);
