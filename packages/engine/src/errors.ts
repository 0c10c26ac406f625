/** What can keep a request from being answered, as one class with stable codes. Nothing of it is remembered in the book. */

/**
 * `overloaded`: the queues are full; nothing was decided, try again. `too_large`: above a named limit.
 * `storage_full`: the disk has no room; nothing was decided, reads go on. `clock_jump`: writes wait for an operator's
 * `confirmClock`. `key_conflict`: a look-up key was used before with another command. `invalid`: the request or
 * filter itself is malformed. `unavailable`: closed, or stopped by an earlier failure; nothing was decided.
 * `outcome_unknown`: the write failed after the decision; only a restart tells whether it is durable. `corrupt`: the
 * book cannot serve what was asked, see `cause`. `forbidden`: a right was taken back while it waited; nothing was decided.
 */
export type EngineErrorCode =
  | 'overloaded'
  | 'too_large'
  | 'storage_full'
  | 'clock_jump'
  | 'key_conflict'
  | 'invalid'
  | 'unavailable'
  | 'outcome_unknown'
  | 'corrupt'
  | 'forbidden'

export class EngineError extends Error {
  override readonly name = 'EngineError'
  readonly code: EngineErrorCode

  constructor(code: EngineErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}
