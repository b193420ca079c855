import { defineConfig } from 'vitest/config';

/** Needs a Chromium; PITCREW_CHROMIUM names another one than /usr/bin/chromium. */
export default defineConfig({
  test: {
    root: '.',
    include: ['test/browser/**/*.test.ts'],
    globalSetup: ['test/support/template.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    maxWorkers: 1,
  },
});
