import { t } from '../../i18n';
import { plainText } from '../../markdown/plain_text';

/** About ten minutes of listening. */
const most = 10_000;

/** What is said of a reply: its words, and of a very long one the beginning. */
export function spoken(text: string): string {
    if (text.length <= most) return plainText(text);
    const end = text.lastIndexOf('\n\n', most);
    return `${plainText(text.slice(0, end > 0 ? end : most))}\n${t('chat.announce_more')}`;
}
