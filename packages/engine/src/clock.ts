/** The clocks of the engine, injected: wall time proposes ledger time, monotonic time checks it. */

export interface Clock {
  /** Wall time, ns since 1970. */
  now(): bigint
  /** ns since some moment; never runs back, never jumps. */
  monotonic(): bigint
}

/** The machine's clocks: wall time in steps of 1 ms. */
export const systemClock: Clock = {
  now: () => BigInt(Date.now()) * 1_000_000n,
  monotonic: () => process.hrtime.bigint(),
}
