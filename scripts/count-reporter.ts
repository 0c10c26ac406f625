/** Vitest reporter that ends every run with one plain line: how many tests passed and how many did not. */
import type { Reporter, SerializedError, TestModule } from 'vitest/node'

export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    let passed = 0
    let failed = unhandledErrors.length
    for (const module of modules) {
      // A file that does not even load has no tests, yet it is a failure.
      failed += module.errors().length
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed') passed++
        if (state === 'failed') failed++
      }
    }
    // At exit, because the other reporters still write their summary after this call.
    process.once('exit', () => console.log(`${passed} passed, ${failed} failed`))
  }
}
