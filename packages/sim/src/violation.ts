/** What a run fails with: which check, and what it expected and saw. */

export class Violation extends Error {
  override readonly name = 'Violation'
  /** What must always be true, in words. */
  readonly check: string
  readonly expected: string
  readonly seen: string

  constructor(check: string, what: { expected: string; seen: string; cause?: unknown }) {
    super(`${check}: expected ${what.expected}, saw ${what.seen}`, { cause: what.cause })
    this.check = check
    this.expected = what.expected
    this.seen = what.seen
  }
}

/** @throws Violation unless both are the same text, number or bigint. */
export function same(check: string, seen: unknown, expected: unknown): void {
  if (seen === expected) return
  throw new Violation(check, { expected: String(expected), seen: String(seen) })
}
