import { formatDate, formatDayDistance, t } from '../../i18n';
import { type ChatGroup, daysBefore } from './day_groups';
import { today } from './today';

/** "Today", "Yesterday", "Tuesday", "3 March", "3 March 2024", as the language says it. */
export function groupTitle(group: ChatGroup): string {
    if (group.day === null) return t('sidebar.pinned');
    const ago = daysBefore(group.day, today.value);
    if (ago <= 1) return capitalised(formatDayDistance(-Math.max(ago, 0)));
    if (ago < 7) return capitalised(formatDate(group.day, { weekday: 'long' }));
    const sameYear = group.day.getFullYear() === new Date(today.value).getFullYear();
    return formatDate(group.day, {
        day: 'numeric',
        month: 'long',
        ...(sameYear ? {} : { year: 'numeric' }),
    });
}

function capitalised(words: string): string {
    return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}
