/** The port through which signer and witness remember: one text that is replaced as a whole. */

/**
 * Replaced by compare-and-set: across calls, and across processes where several can reach it. Calls fail by rejecting; then
 * nobody knows whether the text was replaced.
 */
export interface TextStore {
  /** @returns undefined when there never was one. */
  read(): Promise<string | undefined>
  /**
   * Once it resolves to true, `next` would survive a loss of power.
   * @param expected what `read` gave.
   * @returns false when another text was there, which is left as it is.
   */
  replace(expected: string | undefined, next: string): Promise<boolean>
}
