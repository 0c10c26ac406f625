/** What the evaluator reads of the log: movements and openings, as plain facts. Amounts are minor units, times ns since 1970. */

export type MovementKind = 'transfer' | 'reversal' | 'hold' | 'capture' | 'void' | 'expiry'

/** Read in place: valid until the next one is asked for. */
export interface Movement {
  readonly sequence: number
  readonly timestamp: bigint
  readonly kind: MovementKind
  readonly debitSlot: number
  readonly creditSlot: number
  /** Moved, held or released. */
  readonly amount: bigint
  /** Sequence of the hold that it captures, voids or releases. */
  readonly holdSequence: number
  /** Of that hold. */
  readonly remainingAfter: bigint
  /** Of a new hold; 0: never. */
  readonly deadline: bigint
}

/** Which side its limit binds: `none` is an account without a flag. */
export type Limiting = 'debits' | 'credits' | 'none'

export interface Opening {
  /** Slots are given in order, from 0. */
  readonly slot: number
  /** Empty: it has none, and only `*` reaches it. */
  readonly address: string
  /** Hex. */
  readonly id: string
  /** Like `EUR/2`. */
  readonly asset: string
  readonly limiting: Limiting
  /** Slot; -1: none. */
  readonly parent: number
  readonly limit: bigint
  /** undefined: none. */
  readonly subtreeLimit: bigint | undefined
}
