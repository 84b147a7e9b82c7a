import { useEffect, useState } from 'preact/hooks';

import { t } from '../i18n';
import { copyText } from '../clipboard';
import { useColours } from './highlighting';
import { shown } from './text';

interface Props {
    text: string;
    /** What stands behind the opening fence. */
    info: string;
    /** It is still being written. */
    open: boolean;
}

/** Code is laid out from the left whatever it says, else a comment could turn its lines round. */
export function CodeBlock({ text, info, open }: Props) {
    const language = /^[\w#+.-]{1,40}/.exec(info)?.[0] ?? '';
    const content = useColours(text, language.toLowerCase(), open);
    const name = language === '' ? t('markdown.code') : language;
    return (
        <div class="code-block" dir="ltr">
            <div class="code-head">
                <bdi class="code-language">{shown(name)}</bdi>
                <CopyButton text={text} />
            </div>
            <pre
                role="group"
                aria-label={language === '' ? name : t('markdown.code_in', { language })}
                // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls is reached by keys
                tabIndex={0}
            >
                <code>{content}</code>
            </pre>
        </div>
    );
}

function CopyButton({ text }: { text: string }) {
    const [result, setResult] = useState<'copied' | 'failed' | null>(null);
    useEffect(() => {
        if (result === null) return;
        const timer = setTimeout(() => setResult(null), 2_000);
        return () => clearTimeout(timer);
    }, [result]);
    const press = () => void copyText(text).then((done) => setResult(done ? 'copied' : 'failed'));
    const told = result === null ? '' : t(result === 'copied' ? 'markdown.copied' : 'markdown.copy_failed');
    return (
        <>
            <button type="button" class="code-copy" aria-label={t('markdown.copy_code')} onClick={press}>
                {told === '' ? t('markdown.copy') : told}
            </button>
            <span class="visually-hidden" role="status">
                {told}
            </span>
        </>
    );
}
