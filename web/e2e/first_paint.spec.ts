// JavaScript under 150 KB compressed for first paint, nothing from elsewhere, a strict content policy.
import { brotliCompressSync, gzipSync } from 'node:zlib';

import { expect, test } from './support/fixtures';
import { hasOwnPage } from './support/page_server';

test('the first paint needs less than 150 KB of compressed JavaScript', async ({ ui, page }) => {
    const loaded: string[] = [];
    page.on('response', (response) => {
        if (/javascript/.test(response.headers()['content-type'] ?? '')) loaded.push(response.url());
    });
    await ui.open();
    let [gzip, brotli] = [0, 0];
    for (const url of new Set(loaded)) {
        const body = await (await page.request.get(url)).body();
        gzip += gzipSync(body, { level: 9 }).length;
        brotli += brotliCompressSync(body).length;
    }
    console.log(
        `first paint: ${loaded.length} scripts, ${(gzip / 1024).toFixed(1)} KiB by gzip, ${(brotli / 1024).toFixed(1)} KiB by Brotli`,
    );
    expect(loaded.length).toBeGreaterThan(0);
    expect(gzip).toBeLessThan(150_000);
    expect(brotli).toBeLessThan(150_000);
});

test('the page comes compressed, and its files may be kept for ever', async ({ ui, page }) => {
    test.skip(hasOwnPage, 'what the program sends is in question, and it has no page');
    const files: { path: string; cache: string; encoding: string; etag: string }[] = [];
    page.on('response', (response) => {
        const path = new URL(response.url()).pathname;
        if (path.startsWith('/api/')) return;
        const headers = response.headers();
        files.push({
            path,
            cache: headers['cache-control'] ?? '',
            encoding: headers['content-encoding'] ?? '',
            etag: headers.etag ?? '',
        });
    });
    await ui.open();
    const root = files.find((file) => file.path === '/');
    expect(root?.cache).toMatch(/no-cache/);
    expect(root?.etag).toMatch(/^(W\/)?"/);
    const assets = files.filter((file) => /\.(js|css)$/.test(file.path));
    expect(assets.length).toBeGreaterThan(0);
    for (const asset of assets) {
        expect(asset.cache, asset.path).toMatch(/immutable/);
        expect(asset.encoding, asset.path).toMatch(/^(br|gzip)$/);
    }
});

test('the content policy allows nothing inline and nothing from elsewhere', async ({ request, origin }) => {
    const policy = (await request.get(`${origin}/`)).headers()['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
});

test('the policy holds: an inline script that gets into the page does not run', async ({
    ui,
    page,
    watch,
}) => {
    await ui.open();
    const violations = await page.evaluate(async () => {
        const violated = new Promise<string>((done) =>
            document.addEventListener('securitypolicyviolation', (event) => done(event.effectiveDirective)),
        );
        const script = document.createElement('script');
        script.textContent = 'window.ran = true';
        document.body.append(script);
        return { directive: await violated, ran: 'ran' in window };
    });
    expect(violations.ran).toBe(false);
    expect(violations.directive).toBe('script-src-elem');
    await expect.poll(() => watch.takePolicyViolations()).toBe(1);
});

test('every page is shown without a question to another host', async ({ ui, page, watch }) => {
    await ui.open();
    for (const hash of ['#/settings', '#/usage', '#/keys', '#/users', '#/']) {
        await page.goto(`/${hash}`);
        await expect(page.getByRole('main')).toBeVisible();
    }
    expect(watch.foreign).toEqual([]);
});
