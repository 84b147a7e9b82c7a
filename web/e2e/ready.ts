// What everything else needs: the program starts and ends well, and the page is in it. What fails here says what to do.
import { expect, test } from './support/fixtures';

test('the program is there and has a page', async ({ parley, origin }) => {
    const page = await fetch(`${origin}/`, { headers: { Accept: 'text/html' }, redirect: 'manual' });
    expect(page.status, `GET / of ${parley.url}: was it built with the page (PARLEY_WEB=ON)?`).toBe(200);
    expect(page.headers.get('Content-Type')).toMatch(/^text\/html/);
    await page.body?.cancel();
});
