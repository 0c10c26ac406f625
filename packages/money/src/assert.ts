/** Assertions for packages that cannot import `node:assert`. They stay on in production. */

/** Stops the program when what must be true is not: a bug or a broken world, never a caller's mistake. */
export function assert(condition: boolean, message = 'assertion failed'): asserts condition {
  if (!condition) throw new AssertionError(message)
}

export class AssertionError extends Error {
  override readonly name = 'AssertionError'
}
