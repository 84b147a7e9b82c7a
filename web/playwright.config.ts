// `npm run e2e`: the page in Debian's Chromium against the real program. PARLEY_BINARY names the program, PARLEY_CHROMIUM
// the browser, PARLEY_TEST_MODEL a GGUF file for the test with a real model. What is measured comes last and alone;
// while working on one file, `npx playwright test --no-deps FILE` leaves it out.
import { defineConfig } from '@playwright/test';

export default defineConfig({
    testDir: 'e2e',
    outputDir: 'test-results',
    fullyParallel: true,
    workers: 2,
    retries: 0,
    timeout: 90_000,
    expect: { timeout: 15_000 },
    forbidOnly: Boolean(process.env.CI),
    reporter: [['list']],
    use: {
        browserName: 'chromium',
        viewport: { width: 1280, height: 800 },
        locale: 'en-GB',
        timezoneId: 'UTC',
        trace: 'retain-on-failure',
        launchOptions: {
            executablePath: process.env.PARLEY_CHROMIUM ?? '/usr/bin/chromium',
            args: [
                '--no-sandbox',
                '--disable-gpu',
                '--disable-quic',
                '--no-first-run',
                '--disable-background-networking',
                '--disable-component-update',
                '--disable-sync',
                // No name is resolved: whatever the page wants from elsewhere, it does not get.
                '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
            ],
        },
    },
    projects: [
        { name: 'ready', testMatch: 'ready.ts', teardown: 'measured' },
        { name: 'page', testMatch: '*.spec.ts', testIgnore: 'measured/**', dependencies: ['ready'] },
        // A trace takes pictures of the page at every step, which would be measured as well.
        {
            name: 'measured',
            testMatch: 'measured/*.spec.ts',
            fullyParallel: false,
            timeout: 120_000,
            use: { trace: 'off' },
        },
    ],
});
