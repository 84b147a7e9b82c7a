// The page's addresses, behind the `#`.
import { signal } from '@preact/signals';

import type { Page } from '../api/environment';
import type { Route } from './contract';

const pages = ['settings', 'usage', 'keys', 'users'] as const;

export function routeOf(hash: string): Route {
    const [first, second] = hash.replace(/^#?\/?/, '').split('/');
    if (first === 'c' && second !== undefined && second !== '') return { page: 'chat', id: decoded(second) };
    const page = pages.find((each) => each === first);
    return page === undefined ? { page: 'new' } : { page };
}

export function hashOf(route: Route): string {
    if (route.page === 'new') return '#/';
    return route.page === 'chat' ? `#/c/${encodeURIComponent(route.id)}` : `#/${route.page}`;
}

export class Router {
    readonly route = signal<Route>({ page: 'new' });
    readonly #page: Page;

    constructor(page: Page) {
        this.#page = page;
        this.route.value = routeOf(page.hash());
    }

    start(): void {
        this.#page.on('address', () => {
            const { route } = this;
            const told = routeOf(this.#page.hash());
            if (hashOf(told) !== hashOf(route.peek())) route.value = told;
        });
    }

    /** `replace`: the address before is none to come back to. */
    go(route: Route, how: 'push' | 'replace' = 'push'): void {
        if (hashOf(route) !== this.#page.hash()) this.#page.setHash(hashOf(route), how);
        this.route.value = route;
    }
}

function decoded(text: string): string {
    try {
        return decodeURIComponent(text);
    } catch {
        return text;
    }
}
