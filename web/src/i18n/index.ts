// The page's words. `t` reads the language's signal: a component that calls it follows a change of language.
export type { MessageKey } from './en';
export { failureText } from './failure';
export {
    formatCompact,
    formatDate,
    formatDateTime,
    formatDayDistance,
    formatList,
    formatMoney,
    formatNumber,
    formatPercent,
    formatRelative,
    formatTime,
} from './format';
export { keep, kept } from './kept';
export { languages, locales, type Locale } from './languages';
export { chooseLocale, chosenLocale, locale, startLocale } from './locale';
export { t } from './translate';
