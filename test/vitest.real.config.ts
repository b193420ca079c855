import { defineConfig } from 'vitest/config';

/** Tests against real servers of others, which they install themselves: slow at the first run. */
export default defineConfig({
  test: {
    root: '.',
    include: ['test/real/**/*.test.ts'],
    globalSetup: ['test/support/template.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 1,
  },
});
