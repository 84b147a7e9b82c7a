// What stands in a line: emphasis, links, code, formulas.
import type { Token, Tokens } from 'marked';
import { Component, type ComponentChildren } from 'preact';

import { t } from '../i18n';
import { hintFor, isEmbeddedImage, targetOf } from './addresses';
import { decodeEntities } from './entities';
import { Formula } from './formula';
import { shown, shownInAttribute } from './text';
import { pieces, type Piece } from './tokens';

interface Props {
    tokens: readonly Token[] | undefined;
    /** In a cell a `<br>` is the only way to begin a new line. */
    breaks?: boolean;
}

/** Drawn again only when one of its pieces is another: of a long list that grows, one item is. */
export class Inlines extends Component<Props> {
    override shouldComponentUpdate({ tokens }: Readonly<Props>): boolean {
        return !sameTokens(tokens, this.props.tokens);
    }

    override render({ tokens, breaks = false }: Props): ComponentChildren {
        return pieces(tokens).map((token, index) => inline(token, index, breaks));
    }
}

/** Pieces that were read before are the same objects. */
export function sameTokens(some: readonly Token[] = [], others: readonly Token[] = []): boolean {
    return some.length === others.length && some.every((token, index) => token === others[index]);
}

function inline(token: Piece, key: number, breaks: boolean): ComponentChildren {
    switch (token.type) {
        case 'text':
            if (token.tokens !== undefined)
                return <Inlines key={key} tokens={token.tokens} breaks={breaks} />;
            return shown(decodeEntities(token.raw));
        case 'escape':
            return shown(token.text);
        case 'strong':
            return <strong key={key}>{<Inlines tokens={token.tokens} breaks={breaks} />}</strong>;
        case 'em':
            return <em key={key}>{<Inlines tokens={token.tokens} breaks={breaks} />}</em>;
        case 'del':
            return <del key={key}>{<Inlines tokens={token.tokens} breaks={breaks} />}</del>;
        case 'codespan':
            return (
                <code key={key} dir="auto">
                    {shown(token.text)}
                </code>
            );
        case 'br':
            return <br key={key} />;
        case 'link':
            return <Link key={key} token={token} />;
        case 'image':
            return <Image key={key} token={token} />;
        case 'formula':
            return (
                <Formula
                    key={key}
                    tex={token.tex}
                    raw={token.raw}
                    display={token.display}
                    open={token.open}
                />
            );
        case 'html':
            if (breaks && /^<br\s*\/?>$/i.test(token.raw)) return <br key={key} />;
            return shown(token.raw);
        case 'plain':
            return (
                <span key={key} class="markdown-plain">
                    {shown(token.text)}
                </span>
            );
        case 'checkbox':
            return null; // drawn by its list
        default:
            return shown(token.raw);
    }
}

function Link({ token }: { token: Tokens.Link }) {
    const target = targetOf(token.autolink === true ? token.href.replaceAll('&', '&amp;') : token.href);
    if (target === null) return <>{shown(token.raw)}</>;
    const hint = hintFor(token.autolink === true ? token.text : textOf(token.tokens), target);
    return (
        <a
            href={target.href}
            dir="auto"
            target="_blank"
            rel="noopener noreferrer nofollow"
            title={token.title == null ? undefined : shownInAttribute(decodeEntities(token.title))}
        >
            {token.autolink === true ? shown(token.text) : <Inlines tokens={token.tokens} />}
            {hint !== null && <bdi class="link-target"> ({shown(hint)})</bdi>}
        </a>
    );
}

/** Not fetched: its host would learn who reads the message. What it shows and where it is are told. */
function Image({ token }: { token: Tokens.Image }) {
    const alt = textOf(token.tokens);
    if (isEmbeddedImage(token.href)) return <img src={token.href} alt={shownInAttribute(alt)} />;
    const target = targetOf(token.href);
    if (target === null) return <>{shown(token.raw)}</>;
    return (
        <span class="image-link">
            {alt === '' ? t('markdown.image') : shown(alt)}{' '}
            <a href={target.href} dir="auto" target="_blank" rel="noopener noreferrer nofollow">
                {shown(target.href)}
            </a>
        </span>
    );
}

/** What is read of these pieces, without their form. */
export function textOf(tokens: readonly Token[] | undefined): string {
    return pieces(tokens)
        .map((token) => {
            if (token.type === 'checkbox') return '';
            if (token.type === 'br') return ' ';
            // What a short one says is what it is; commands are no words.
            if (token.type === 'formula') return token.tex.includes('\\') ? t('markdown.formula') : token.tex;
            if ('tokens' in token) return textOf(token.tokens);
            if (token.type === 'text') return decodeEntities(token.raw);
            return 'text' in token ? token.text : token.raw;
        })
        .join('');
}
