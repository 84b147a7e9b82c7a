// @vitest-environment node
// However many tabs there are, one of them reads the stream of events and tells the others.
import { beforeEach, expect, test } from 'vitest';

import { settle, Tab } from './tab';
import { beginAnew, open, server, shared } from './world';

beginAnew();
beforeEach(() => void server.interaction('first'));

const streamRequests = () => server.requests('GET', /^\/events$/);

/** What is told arrives in all of them. */
async function expectNews(title: string, ...tabs: Tab[]): Promise<void> {
    server.interaction(title);
    await settle();
    for (const tab of tabs) expect(tab.titles[0]).toBe(title);
}

test('seven tabs need one stream, and all hear the news', async () => {
    const tabs: Tab[] = [];
    for (let at = 0; at < 7; at += 1) tabs.push(await open());
    expect(server.streams.openUsers()).toBe(1);
    for (const tab of tabs) expect(tab.state.connection.value).toBe('live');
    await expectNews('news', ...tabs);
    expect(streamRequests()).toHaveLength(1);
});

test('tabs that are opened at the same moment agree on one of them', async () => {
    const tabs = Array.from({ length: 5 }, () => new Tab(server, shared));
    await settle(500);
    expect(server.streams.openUsers()).toBe(1);
    await expectNews('news', ...tabs);
    await expectNews('more news', ...tabs);
});

test('when the one that leads is closed, another takes its place and nothing is missed', async () => {
    const [one, two, three] = [await open(), await open(), await open()];
    one.page.tell('leaving');
    one.kill();
    server.interaction('between');
    await settle(200);
    expect(two.titles[0]).toBe('between');
    expect(three.titles[0]).toBe('between');
    expect(server.streams.openUsers()).toBe(1);
    await expectNews('news', two, three);
});

test('when the one that leads dies without a word, it is noticed, and nothing is missed', async () => {
    const [one, two, three] = [await open(), await open(), await open()];
    one.kill();
    server.interaction('between');
    await settle(30_000);
    expect(two.titles[0]).toBe('between');
    expect(three.titles[0]).toBe('between');
    expect(server.streams.openUsers()).toBe(1);
    await expectNews('news', two, three);
});

test('a tab that is looked at again asks at once whether somebody leads', async () => {
    const [one, two] = [await open(), await open()];
    one.kill();
    two.page.tell('hidden');
    two.page.tell('shown');
    server.interaction('between');
    await settle(2_200);
    expect(two.titles[0]).toBe('between');
});

test('one that leads goes on for long without being replaced', async () => {
    const [one, two] = [await open(), await open()];
    const keptAlive = setInterval(() => server.streams.userSign(), 15_000);
    await settle(300_000);
    expect(streamRequests()).toHaveLength(1);
    await expectNews('news', one, two);
    clearInterval(keptAlive);
});

test('a lost connection is shown in all, and so is a new one', async () => {
    const tabs = [await open(), await open()];
    server.mishap = (seen) => (seen.path === '/events' ? 'lost' : null);
    server.streams.cut();
    await settle();
    for (const tab of tabs) expect(tab.state.connection.value).toBe('lost');
    server.mishap = () => null;
    server.interaction('between');
    await settle(5_000);
    for (const tab of tabs) {
        expect(tab.state.connection.value).toBe('live');
        expect(tab.titles[0]).toBe('between');
    }
});

test('when events may have been missed, all read again', async () => {
    const tabs = [await open(), await open()];
    server.streams.cut();
    server.interaction('missed');
    server.streams.forget();
    await settle(5_000);
    for (const tab of tabs) expect(tab.titles[0]).toBe('missed');
});

test('a tab that comes reads what there is, whenever it comes', async () => {
    const one = await open();
    await expectNews('news', one);
    const two = await open();
    expect(two.titles).toEqual(['news', 'first']);
});

test('a page that comes back from where the browser keeps pages joins again', async () => {
    const [one, two] = [await open(), await open()];
    one.page.tell('leaving');
    await settle(200);
    one.page.tell('shown');
    await settle(200);
    expect(server.streams.openUsers()).toBe(1);
    await expectNews('news', one, two);
});

test('tabs of different users hear nothing of each other', async () => {
    server.key = 'first';
    const one = await open();
    await one.state.session.submitKey('first', false);
    await settle(200);
    server.key = 'second';
    server.userId = 'user-2';
    const two = await open();
    await two.state.session.submitKey('second', false);
    await settle(200);
    expect(server.streams.openUsers()).toBe(2);
});

test('one whose key expires lets another lead', async () => {
    server.key = 'first';
    const one = await open();
    await one.state.session.submitKey('first', false);
    await settle(200);
    const two = await open();
    await two.state.session.submitKey('first', false);
    await settle(200);
    expect(server.streams.openUsers()).toBe(1);
    server.key = 'second';
    await two.state.session.submitKey('second', false);
    await one.state.models.refresh(); // and is refused
    await settle(200);
    expect(one.state.session.status.value).toBe('needs_key');
    await expectNews('news', two);
});
