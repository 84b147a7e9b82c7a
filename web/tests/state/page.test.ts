// @vitest-environment node
// Addresses, titles, presets, models, notices and administration.
import { describe, expect, test } from 'vitest';

import { isFailure } from '../../src/state/contract';
import { hashOf, routeOf } from '../../src/state/route';
import { json, problem } from './fake_answers';
import { settle } from './tab';
import { beginAnew, open, server } from './world';

beginAnew();

test.each([
    ['', { page: 'new' }],
    ['#/', { page: 'new' }],
    ['#/c/', { page: 'new' }],
    ['#/nonsense', { page: 'new' }],
    ['#/c/abc', { page: 'chat', id: 'abc' }],
    ['#/c/a%2Fb', { page: 'chat', id: 'a/b' }],
    ['#/c/%', { page: 'chat', id: '%' }],
    ['#/settings', { page: 'settings' }],
    ['#/users', { page: 'users' }],
])('the address %j', (hash, route) => {
    expect(routeOf(hash)).toEqual(route);
    expect(routeOf(hashOf(routeOf(hash)))).toEqual(route);
});

describe('the address', () => {
    test('leads to a chat, also by the browser', async () => {
        const id = server.interaction('Chat').interaction_id;
        const tab = await open();
        tab.page.visit(`#/c/${id}`);
        await settle();
        expect(tab.chat.id).toBe(id);
        tab.page.visit('#/');
        await settle();
        expect(tab.chat.id).toBeNull();
    });

    test('of a dialog leaves the chat open behind it', async () => {
        const id = server.interaction('Chat').interaction_id;
        const tab = await open(`#/c/${id}`);
        const { chat } = tab;
        tab.state.go({ page: 'settings' });
        expect(tab.page.visited).toEqual(['#/settings']);
        expect(tab.chat).toBe(chat);
        tab.state.go({ page: 'chat', id });
        expect(tab.chat).toBe(chat);
    });

    test('of a chat that is not there says so', async () => {
        const tab = await open('#/c/nowhere');
        expect(tab.chat.status.value).toBe('absent');
        await tab.chat.send('Hello');
        expect(server.requests('POST', /./)).toEqual([]);
    });

    test('of a new chat that is open already changes nothing', async () => {
        const tab = await open();
        const { chat } = tab;
        tab.state.go({ page: 'new' });
        expect(tab.chat).toBe(chat);
    });
});

test('a chat that failed can be loaded again', async () => {
    const id = server.interaction('Chat').interaction_id;
    server.mishap = (seen) => (seen.query.has('include') ? problem(403, 'insufficient_scope') : null);
    const tab = await open(`#/c/${id}`);
    expect(tab.chat).toMatchObject({
        status: { value: 'failed' },
        failure: { value: { code: 'insufficient_scope' } },
    });
    server.mishap = () => null;
    await tab.chat.reload();
    expect(tab.chat.status.value).toBe('ready');
});

test('settings of a chat are changed, or the reason is told', async () => {
    const id = server.interaction('Chat').interaction_id;
    const tab = await open(`#/c/${id}`);
    server.mishap = (seen) => (seen.method === 'PATCH' ? problem(422, 'invalid_settings') : null);
    expect(await tab.chat.changeSettings({ temperature: 9 })).toMatchObject({ code: 'invalid_settings' });
    server.mishap = () => null;
    expect(await tab.chat.changeSettings({ temperature: 1 })).toBeNull();
    expect(tab.chat.settings.value).toMatchObject({ temperature: 1 });
});

test('a model that could not be chosen is told, and the settings stay', async () => {
    const id = server.interaction('Chat').interaction_id;
    const tab = await open(`#/c/${id}`);
    server.mishap = (seen) => (seen.method === 'PATCH' ? problem(422, 'unknown_model') : null);
    expect(await tab.chat.chooseModel('nowhere')).toBe(false);
    expect(tab.state.notices.shown.value).toMatchObject([{ kind: 'error' }]);
    server.mishap = () => null;
    expect(await tab.chat.chooseModel('small')).toBe(true);
    expect(tab.chat.settings.value).toMatchObject({ model_name: 'small' });
});

test('presets are kept, by name, and seen by other tabs', async () => {
    const one = await open();
    const two = await open();
    one.state.presets.save({ name: 'b', settings: { temperature: 1 } });
    one.state.presets.save({ name: 'a', settings: {} });
    one.state.presets.save({ name: 'b', settings: { temperature: 0 } });
    one.state.presets.forNewChats.value = 'b';
    const expected = [
        { name: 'a', settings: {} },
        { name: 'b', settings: { temperature: 0 } },
    ];
    expect(two.state.presets.all.value).toEqual(expected);
    const again = await one.reload();
    expect(again.state.presets.all.value).toEqual(expected);
    expect(again.state.presets.forNewChats.value).toBe('b');
    again.state.presets.remove('b');
    expect(again.state.presets.forNewChats.value).toBeNull();
    expect(again.chat.settings.value).toEqual({});
});

test('models are asked for again when somebody looks, not each time', async () => {
    const tab = await open();
    const asked = () => server.requests('GET', /^\/models$/).length;
    expect(asked()).toBe(1);
    expect(tab.state.models.currency.value).toBe('EUR');
    tab.page.tell('focus');
    expect(asked()).toBe(1);
    await settle(6_000);
    tab.page.tell('focus');
    await settle();
    expect(asked()).toBe(2);
    await settle(6_000);
    tab.state.go({ page: 'chat', id: server.interaction().interaction_id });
    await settle();
    expect(asked()).toBe(3);
});

test('models are not asked for before the server wants to be asked', async () => {
    server.mishap = (seen) =>
        seen.path === '/models' ? problem(429, 'too_many_requests', { 'retry-after': '60' }) : null;
    const tab = await open();
    const asked = () => server.requests('GET', /^\/models$/).length;
    await settle(50_000);
    tab.page.tell('focus');
    await settle();
    expect(asked()).toBe(1);
    await settle(10_000);
    tab.page.tell('focus');
    await settle();
    expect(asked()).toBe(2);
});

test('models that could not be asked for stay as they were', async () => {
    const tab = await open();
    server.mishap = (seen) => (seen.path === '/models' ? problem(503, 'store_busy') : null);
    await tab.state.models.refresh();
    expect(tab.state.models.currency.value).toBe('EUR');
});

test('notices go by themselves, and the same is said once', async () => {
    const id = server.interaction('Chat').interaction_id;
    const tab = await open();
    server.mishap = (seen) => (seen.method === 'PATCH' ? problem(500, 'internal_error') : null);
    await tab.state.interactions.rename(id, 'a');
    await tab.state.interactions.rename(id, 'b');
    expect(tab.state.notices.shown.value).toHaveLength(1);
    await settle(16_000);
    expect(tab.state.notices.shown.value).toEqual([]);
});

test('administration answers with what was asked for, or why not', async () => {
    const { administration } = (await open()).state;
    server.mishap = (seen) => {
        if (seen.path === '/users/me/keys' && seen.method === 'GET') return json({ data: [{ key_id: 'k' }] });
        if (seen.path === '/users/me/keys') return json({ key_id: 'k', key: 'parley_x' }, 201);
        if (seen.method === 'DELETE') return new Response(null, { status: 204 });
        if (seen.path === '/users') return json({ data: [{ user_id: 'u' }], next_cursor: 'n' });
        if (seen.path === '/usage')
            return json({ from: seen.query.get('from'), to: seen.query.get('to'), data: [] });
        return problem(403, 'insufficient_scope');
    };
    expect(await administration.ownKeys()).toEqual([{ key_id: 'k' }]);
    expect(await administration.makeOwnKey({ name: 'n', scopes: ['read'] })).toMatchObject({
        key: 'parley_x',
    });
    expect(await administration.deleteOwnKey('k/1')).toBeNull();
    expect(server.requests('DELETE', /./)[0]?.path).toBe('/users/me/keys/k%2F1');
    expect(await administration.users(null)).toEqual({ data: [{ user_id: 'u' }], next: 'n' });
    expect(await administration.usage('2026-01-01', '2026-01-31')).toMatchObject({ from: '2026-01-01' });
    for (const refused of [
        await administration.keysOf('u'),
        await administration.makeKeyFor('u', { name: '', scopes: ['read'] }),
        await administration.changeUser('u', {}),
    ]) {
        expect(isFailure(refused)).toBe(true);
    }
    expect(
        server.requests('POST', /keys$/).every(({ headers }) => headers['idempotency-key'] !== undefined),
    ).toBe(true);
});
