// It survives: a reload or a lost network in mid-reply picks the stream up where it was, and so does a server that starts
// anew. What is sent stands in sending.spec.ts, tabs and keys in tabs.spec.ts and keys.spec.ts.
import { expect, test } from './support/fixtures';
import { script } from './support/script';

test.use({ speaks: true, network: 'in hand' });

test('a reload in mid-reply shows what was said, and goes on', async ({ ui, upstream }) => {
    await ui.open();
    await ui.send('Tell me.');
    const asked = await upstream.next();
    asked.say('Before. ');
    await expect(ui.reply).toHaveText('Before.');
    await ui.page.reload();
    await expect(ui.reply).toHaveText('Before.');
    await expect(ui.stopButton).toBeVisible();
    asked.say('After.');
    await expect(ui.reply).toHaveText('Before. After.');
    asked.end();
    await expect(ui.stopButton).toHaveCount(0);
    await expect(ui.reply).toHaveText('Before. After.');
    await expect(ui.questions).toHaveCount(1);
});

test('a reply that ended while the page was away is there when it comes back', async ({ ui, upstream }) => {
    await ui.open();
    await ui.send('Tell me.');
    const asked = await upstream.next();
    asked.say('Half. ');
    await expect(ui.reply).toHaveText('Half.');
    const url = ui.page.url();
    await ui.page.goto('about:blank');
    asked.say('Whole.');
    asked.end();
    await ui.page.goto(url);
    await expect(ui.reply).toHaveText('Half. Whole.');
});

test('a network lost in mid-reply costs not a word, and none comes twice', async ({
    ui,
    upstream,
    door,
    watch,
    api,
}) => {
    watch.allowLostNetwork();
    await ui.open();
    await ui.send('Tell me.');
    const asked = await upstream.next();
    asked.say('One. ');
    await expect(ui.reply).toHaveText('One.');
    door.shut();
    await expect(ui.connectionLost).toBeVisible();
    asked.say('Two: ü€😀. '); // the reply goes on without its reader
    await expect(ui.reply).toHaveText('One.');
    door.restore();
    await expect(ui.reply).toHaveText('One. Two: ü€😀.');
    for (const word of ['Three. ', 'Four. ']) {
        asked.say(word);
        await expect(ui.reply).toContainText(word.trim());
        door.cut(); // and again, without being told
    }
    asked.say('Five.');
    asked.end();
    await expect(ui.reply).toHaveText('One. Two: ü€😀. Three. Four. Five.');
    await expect(ui.stopButton).toHaveCount(0);
    await expect(ui.connectionLost).toHaveCount(0);
    await expect
        .poll(async () => api.texts(await ui.chatId()))
        .toEqual(['Tell me.', 'One. Two: ü€😀. Three. Four. Five.']);
});

test('a reply that ended while the network was lost is whole when it is back', async ({
    ui,
    upstream,
    door,
    watch,
}) => {
    watch.allowLostNetwork();
    await ui.open();
    await ui.send('Tell me.');
    const asked = await upstream.next();
    asked.say('One. ');
    await expect(ui.reply).toHaveText('One.');
    door.shut();
    asked.say('Two.');
    asked.end();
    await expect(ui.connectionLost).toBeVisible();
    door.restore();
    await expect(ui.reply).toHaveText('One. Two.');
    await expect(ui.stopButton).toHaveCount(0);
});

test('the browser says that it is offline, and online again', async ({ ui, upstream, context, watch }) => {
    watch.allowLostNetwork();
    await ui.open();
    await ui.send('Tell me.');
    const asked = await upstream.next();
    asked.say('One. ');
    await expect(ui.reply).toHaveText('One.');
    await context.setOffline(true);
    await ui.page.evaluate(() => window.dispatchEvent(new Event('offline')));
    await context.setOffline(false);
    asked.say('Two.');
    asked.end();
    await expect(ui.reply).toHaveText('One. Two.');
});

test('a page that begins without its server waits for it', async ({ ui, page, watch }) => {
    watch.allowLostNetwork();
    await page.route('**/api/**', (route) => route.abort());
    await page.goto('/');
    await expect(
        page.getByText('The server cannot be reached. The page tries again by itself.'),
    ).toBeVisible();
    await page.unroute('**/api/**');
    await expect(page.getByText('The server cannot be reached. The page tries again by itself.')).toHaveCount(
        0,
    );
    await expect(ui.greeting).toBeVisible();
});

test('a server that starts anew under the page is found again', async ({ ui, parley, watch, api }) => {
    watch.allowLostNetwork();
    watch.allowStatus(502, 503);
    const made = await api.newChat('through a restart');
    await ui.openChat(made.interaction_id);
    await parley.stop();
    await expect(ui.connectionLost).toBeVisible();
    await parley.start();
    await expect(ui.connectionLost).toHaveCount(0);
    await ui.chooseModel('scripted');
    await ui.send(script({ tokens: ['Still here'] }));
    await expect(ui.reply).toHaveText('Still here');
});

test('a server that dies in mid-reply leaves what was said, marked, and the page says so', async ({
    ui,
    parley,
    upstream,
    watch,
}) => {
    watch.allowLostNetwork();
    watch.allowStatus(502, 503);
    await ui.open();
    await ui.send('Tell me.');
    const asked = await upstream.next();
    asked.say('Said. ');
    await expect(ui.reply).toHaveText('Said.');
    await parley.stop(); // with its grace over, the reply is kept as interrupted
    await parley.start();
    await expect(ui.reply).toHaveText('Said.');
    await expect(ui.lastMessage).toContainText('The server stopped before the reply was complete.');
    await expect(ui.stopButton).toHaveCount(0);
});
