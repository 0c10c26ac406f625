/** What a run inside one process, without a server, is asked, and what it saw. */

/** Frames are handed to the journal's writer. */
export interface JournalSpec {
  readonly directory: string
  /** Bytes of one body. */
  readonly bodyBytes: number
  /** Events of one frame. */
  readonly events: number
  /** `inline`: written and synced on the thread that asks. `thread`: handed over, as many as there are group buffers. */
  readonly way: 'inline' | 'thread'
  readonly frames: number
  readonly seconds: number
}

/** Packed batches are given to the embedded ledger. */
export interface EngineSpec {
  readonly directory: string
  readonly accounts: number
  readonly batch: number
  readonly inFlight: number
  /** Stretches of so many requests, or so long. */
  readonly stretches: number
  readonly requests: number
  readonly seconds: number
  readonly seed: number
}

/** The same as of a load: requests in order of their answers. */
export interface EmbeddedStretch {
  readonly requests: number
  readonly seconds: number
  readonly latencies: Float64Array
  readonly cpuSeconds: number
}
