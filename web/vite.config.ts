/// <reference types="vitest/config" />
import { defineConfig } from 'vite';

// `npm run dev` serves the page with reloading, and asks a running server for everything else.
const server = process.env.PARLEY_URL ?? 'http://127.0.0.1:8080';
const proxy = { target: server, changeOrigin: true, headers: { origin: server } };

export default defineConfig({
    esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
    build: {
        target: 'es2022',
        outDir: process.env.PARLEY_PAGE_DIR ?? 'dist', // the build of the program has a folder of its own for it
        emptyOutDir: true,
        assetsDir: 'assets', // every file in it has the hash of its content in its name: immutable
        assetsInlineLimit: 0, // the content policy allows no data: addresses for scripts and styles
        modulePreload: { polyfill: false },
        sourcemap: false,
    },
    server: { proxy: { '/api': proxy, '/docs': proxy, '/openapi.json': proxy } },
    test: {
        environment: 'jsdom',
        include: ['tests/**/*.test.{ts,tsx}'],
        testTimeout: 30_000,
        hookTimeout: 30_000,
    },
});
