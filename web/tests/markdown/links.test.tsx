import { afterEach, describe, expect, it } from 'vitest';

import { hintFor, targetOf } from '../../src/markdown/addresses';
import { shownOf, type Shown } from './page';

let page: Shown;
function show(text: string): Shown {
    page = shownOf(text);
    return page;
}
afterEach(() => page.end());

describe('a link', () => {
    it('opens elsewhere, and tells nobody where from', () => {
        show('[text](https://example.org/a?b=1&amp;c=2 "title")');
        const link = page.one('a') as HTMLAnchorElement;
        expect(link.getAttribute('href')).toBe('https://example.org/a?b=1&c=2');
        expect(link.target).toBe('_blank');
        expect(link.rel).toBe('noopener noreferrer nofollow');
        expect(link.title).toBe('title');
    });

    it.each([
        ['https://example.org/?a=1&lt=2', 'https://example.org/?a=1&lt=2'],
        ['<https://example.org/x>', 'https://example.org/x'],
        ['www.example.org', 'http://www.example.org/'],
        ['who@example.org', 'mailto:who@example.org'],
        ['[m](mailto:who@example.org)', 'mailto:who@example.org'],
        ['[r][1]\n\n[1]: http://example.org/r', 'http://example.org/r'],
    ])('leads from %s to %s', (source, href) => {
        show(source);
        expect(page.one('a').getAttribute('href')).toBe(href);
    });

    it.each([
        'javascript:alert(1)',
        'JaVaScRiPt:alert(1)',
        ' javascript:alert(1)',
        '<java\tscript:alert(1)>',
        '&#106;avascript:alert(1)',
        '&#x6A;avascript&colon;alert(1)',
        'java&Tab;script:alert(1)',
        'java&NewLine;script:alert(1)',
        '&#1;javascript:alert(1)',
        'javascript&#58;alert(1)',
        'https://bank&Tab;.example/',
        'https://bank.example/&#10;',
        '&#8238;https://bank.example/',
        'vbscript:msgbox(1)',
        'data:text/html,<script>alert(1)</script>',
        'data:text/html;base64,PHNjcmlwdD4=',
        'blob:https://example.org/1',
        'file:///etc/passwd',
        'view-source:https://example.org',
        '/api/v1/interactions',
        './relative',
        '#anchor',
        '//example.org/protocol-relative',
        'https:',
        'http://',
        'x',
        '',
    ])('is plain text where it would lead to %j', (address) => {
        show(`before [click](${address}) after`);
        expect(page.all('a')).toEqual([]);
        expect(page.root.textContent).toContain('click');
    });

    it('is plain text as a reference or in angle brackets, too', () => {
        show('<javascript:alert(1)> [a][b] [b]\n\n[b]: javascript:alert(1)');
        expect(page.all('a')).toEqual([]);
    });

    it.each([
        ['[https://bank.example](https://evil.example/)', 'evil.example'],
        ['[bank.example/login.html](https://evil.example/)', 'evil.example'],
        ['[bank.cc](https://evil.example/)', 'evil.example'],
        ['[log in at bank.example.com now](https://evil.example/)', 'evil.example'],
        ['[**www.bank.example**](https://evil.example/)', 'evil.example'],
        ['[bank.example/path](https://bank.example.evil.test/)', 'bank.example.evil.test'],
        ['https://bank.example@evil.example/', 'evil.example'],
        ['[who@bank.example](mailto:thief@evil.example)', 'thief@evil.example'],
        ['[аррle.com](https://xn--le-6kc2bd.com/)', 'xn--le-6kc2bd.com'],
        ['[ｂａｎｋ.example](https://evil.example)', 'evil.example'],
    ])('says where it leads, where %s says otherwise', (source, place) => {
        show(source);
        expect(page.one('a .link-target').textContent).toBe(` (${place})`);
    });

    it.each([
        '[the bank](https://bank.example/login)',
        '[bank.example](https://www.bank.example/login)',
        '[https://bank.example/](https://bank.example/login)',
        'https://bank.example/login',
        '[see main.ts](https://example.org/)',
        'who@bank.example',
    ])('says nothing more for %s', (source) => {
        show(source);
        expect(page.all('.link-target')).toEqual([]);
        expect(page.all('a')).toHaveLength(1);
    });

    it('keeps its direction to itself', () => {
        show('[שלום](https://example.org) `code`');
        expect(page.one('a').dir).toBe('auto');
        expect(page.one('code').dir).toBe('auto');
    });
});

describe('an address', () => {
    it('may hold spaces and foreign letters, which are encoded', () => {
        page = show('');
        expect(targetOf('https://example.org/a b/ä')?.href).toBe('https://example.org/a%20b/%C3%A4');
    });

    it('is never one of the page', () => {
        page = show('');
        expect(targetOf('settings')).toBeNull();
        expect(targetOf('?q')).toBeNull();
    });

    it('is told by its host with the port', () => {
        page = show('');
        const target = targetOf('http://evil.example:8080/');
        expect(target && hintFor('bank.example', target)).toBe('evil.example:8080');
    });
});

describe('an image', () => {
    it('is not fetched: what it shows and its address are told', () => {
        show('![a **cat**](https://example.org/cat.png)');
        expect(page.all('img')).toEqual([]);
        expect(page.one('.image-link').textContent).toBe('a cat https://example.org/cat.png');
        expect(page.one('a').getAttribute('href')).toBe('https://example.org/cat.png');
    });

    it('is shown when the message holds it', () => {
        show('![dot](data:image/png;base64,iVBORw0KGgo=)');
        expect(page.one('img').getAttribute('src')).toBe('data:image/png;base64,iVBORw0KGgo=');
        expect(page.one('img').getAttribute('alt')).toBe('dot');
    });

    it.each([
        'data:image/svg+xml;base64,PHN2Zz4=',
        'data:text/html;base64,PHN2Zz4=',
        'data:image/png,abc',
        'javascript:alert(1)',
        '/api/v1/me',
    ])('is text where its address is %s', (address) => {
        show(`![x](${address})`);
        expect(page.all('img, a')).toEqual([]);
        expect(page.root.textContent).toBe(`![x](${address})`);
    });

    it('without words is called an image', () => {
        show('![](https://example.org/cat.png)');
        expect(page.root.textContent).toBe('Image https://example.org/cat.png');
    });
});
