/** What a run of the read models is asked, and what it saw. */

export interface ReadModelsSpec {
  readonly directory: string
  readonly accounts: number
  /** Of one rebuild. */
  readonly transfers: number
  /** Written while nobody follows, and caught up afterwards. */
  readonly behind: number
  readonly batch: number
  /** Codes of transfers, at random. */
  readonly codes: number
  readonly rebuilds: number
  readonly seed: number
}

export interface ReadModelsStretch {
  /** Events. */
  readonly events: number
  readonly seconds: number
  /** Of this process: reading and making rows. PostgreSQL's own is not in it. */
  readonly cpuSeconds: number
}

export interface ReadModelsReport {
  readonly rebuilds: readonly ReadModelsStretch[]
  readonly catchUp: ReadModelsStretch
  /** The same rows into a table without an index, by PostgreSQL alone, from a file of its own. */
  readonly bare: ReadModelsStretch
  /** Of the table of movements, indexes included. */
  readonly bytesPerMovement: number
}
