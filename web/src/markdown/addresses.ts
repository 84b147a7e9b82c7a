// Which addresses a message may link to, and where a reader has to be told which one it is.
import { decodeEntities } from './entities';

export interface Target {
    href: string;
    /** What to show of it: its host, or who gets the mail. */
    place: string;
}

const schemes = new Set(['http:', 'https:', 'mailto:']);

/** Null for what is no full address on the web and none of a mailbox. No address of the page's own is one. */
export function targetOf(address: string): Target | null {
    const decoded = decodeEntities(address);
    // A browser drops such characters from an address, so that "java\nscript:" would become what it does not look like.
    if (decoded !== decoded.trim() || hasControl(decoded)) return null;
    let url: URL;
    try {
        url = new URL(decoded);
    } catch {
        return null;
    }
    if (!schemes.has(url.protocol)) return null;
    if (url.protocol === 'mailto:') return { href: url.href, place: mailbox(url) };
    return url.host === '' ? null : { href: url.href, place: url.host };
}

function hasControl(text: string): boolean {
    return /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(text);
}

function mailbox(url: URL): string {
    try {
        return decodeURIComponent(url.pathname);
    } catch {
        return url.pathname;
    }
}

/** What the reader has to see beside the link: where it leads, if its text names or may name another place. */
export function hintFor(text: string, target: Target): string | null {
    const url = new URL(target.href);
    if (url.username !== '' || url.password !== '') return target.place;
    const shown = text.normalize('NFKC');
    // Letters that only look like Latin ones: the host as it really is.
    if (/(?:^|\.)xn--/.test(url.host) && !shown.includes(url.host)) return target.place;
    return placesIn(shown).some((place) => !samePlace(place, target.place)) ? target.place : null;
}

function samePlace(one: string, other: string): boolean {
    const bare = (place: string) =>
        place
            .toLowerCase()
            .replace(/^www\./, '')
            .replace(/:\d+$/, '');
    return bare(one) === bare(other);
}

/** Ends of names that look like a host's and are those of files. */
const fileNames =
    /\.(?:jsx?|tsx?|mjs|json|ya?ml|toml|html?|css|s?cpp|hpp|hh?|cs|txt|csv|xml|pdf|png|jpe?g|gif|svg|docx?|xlsx?|exe|lock|ini|conf|log|java|kt|swift|go|rb|php|sql|vue)$/i;

/** The hosts and mailboxes that a text names. */
function placesIn(text: string): string[] {
    const places: string[] = [];
    for (const word of text.split(/[\s<>"'“”‘’«»]+/).slice(0, 200)) {
        const bare = word.replace(/^[([{*_~`]+|[)\]}*_~`.,;:!?…]+$/g, '');
        const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(bare);
        const mail = !full && /^[^\s@/]+@[^\s@/]+\.[^\s@/]+$/.test(bare);
        const host =
            /^(?:[\p{L}\p{N}_-]+\.)+\p{L}{2,}\.?(?::\d+)?(?:[/?#].*)?$/u.test(bare) &&
            (/[/?#]/.test(bare) || !fileNames.test(bare)); // what has a path begins with a host
        if (mail) places.push(bare);
        else if (full || host) places.push(hostOf(full ? bare : `https://${bare}`) ?? bare);
    }
    return places;
}

function hostOf(address: string): string | null {
    try {
        return new URL(address).host;
    } catch {
        return null;
    }
}

/** An image that is in the message itself. Any other would tell its host who reads this. */
export function isEmbeddedImage(address: string): boolean {
    return /^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+={0,2}$/.test(address);
}
