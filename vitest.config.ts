import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // Tests wait more than they work, and one worker, what two cores are given, would wait alone.
    maxWorkers: 2,
    reporters: ['default', './scripts/count-reporter.ts'],
    projects: [
      { test: { name: 'style', include: ['scripts/*.test.ts'], testTimeout: 300_000 } },
      { test: { name: 'unit', include: ['packages/*/src/**/*.test.ts'], testTimeout: 20_000 } },
      {
        test: {
          name: 'integration',
          include: ['packages/*/test/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          // A fact that is waited for comes late on a machine that is busy.
          expect: { poll: { timeout: 60_000 } },
        },
      },
    ],
  },
})
