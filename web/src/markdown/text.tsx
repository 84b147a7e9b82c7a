// Text as it can be shown without harm: characters that turn the direction of what follows are made visible.
import type { ComponentChildren } from 'preact';

import { t } from '../i18n';

const marks = new Map([
    ['\u202a', 'LRE'],
    ['\u202b', 'RLE'],
    ['\u202c', 'PDF'],
    ['\u202d', 'LRO'],
    ['\u202e', 'RLO'],
    ['\u2066', 'LRI'],
    ['\u2067', 'RLI'],
    ['\u2068', 'FSI'],
    ['\u2069', 'PDI'],
]);
const special = /([\u202a-\u202e\u2066-\u2069])/;

export function shown(text: string): ComponentChildren {
    const visible = text.replaceAll('\0', '\ufffd');
    if (!special.test(visible)) return visible;
    return visible.split(special).map((part, index) => {
        const name = marks.get(part);
        return name === undefined ? part : <DirectionMark key={index} name={name} character={part} />;
    });
}

/** The same for an attribute, where nothing can be drawn. */
export function shownInAttribute(text: string): string {
    return text.replace(/[\0\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}

function DirectionMark({ name, character }: { name: string; character: string }) {
    const code = `U+${character.charCodeAt(0).toString(16).toUpperCase()}`;
    return (
        <span
            class="direction-mark"
            role="img"
            aria-label={t('markdown.direction_mark', { code })}
            title={code}
        >
            {name}
        </span>
    );
}
