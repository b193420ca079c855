import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: '.',
    include: ['test/**/*.test.ts'],
    exclude: ['test/browser/**', 'test/postgres/**', 'test/real/**'],
    globalSetup: ['test/support/template.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    expect: { poll: { timeout: 5_000 } },
    maxWorkers: 2,
  },
});
