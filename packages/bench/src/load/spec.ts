/** What a client is asked to do, and what it saw. Both cross a process's border, so they are plain data. */
import type { Spread } from './pairs.ts'
import type { IdOrder } from './transfer-ids.ts'

/**
 * What one request is. `open`: a packed batch that opens accounts. `packed`, `json`: a batch of transfers. `single`: one transfer
 * as JSON. `balance`: one balance is read.
 */
export type RequestKind = 'open' | 'packed' | 'json' | 'single' | 'balance'

/** The shape of a load, whoever answers it. */
export interface LoadShape {
  readonly kind: RequestKind
  /** Each has one request in flight. */
  readonly connections: number
  /** Commands of one request; 1 for those that have one. */
  readonly batch: number
  readonly accounts: number
  /** Whether accounts have addresses; those of packed batches may go without. */
  readonly addressed: boolean
  readonly spread: Spread
  readonly ids: IdOrder
  /** Of a hundred transfers, how many are holds with a timeout of 1 to 5 seconds. */
  readonly holdsPercent: number
  /** Whether answers to JSON batches carry the resulting balances. */
  readonly balances: boolean
}

export interface LoadSpec extends LoadShape {
  readonly port: number
  readonly rootKey: string
  readonly seed: number
  /** Ends after so many requests, */
  readonly requests: number
  /** or after so long. */
  readonly seconds: number
}

export interface LoadReport {
  readonly requests: number
  /** From the first request to the last answer. */
  readonly seconds: number
  /** ms of each request, in the order of their answers. */
  readonly latencies: Float64Array
  /** When each was answered, ms after the first request was sent. */
  readonly answeredAt: Float64Array
  /** CPU time of the client meanwhile. */
  readonly cpuSeconds: number
  /** The last answer, for a bare server to give the same. */
  readonly sample: { readonly status: number; readonly body: Uint8Array }
}

export interface LoadProgress {
  readonly requests: number
  readonly seconds: number
}

/** A load of transfers with what most of them have. */
export function transfersShape(
  shape: Pick<LoadShape, 'kind' | 'connections' | 'batch' | 'accounts'> & Partial<LoadShape>,
): LoadShape {
  return {
    ...{ addressed: shape.kind !== 'packed', spread: 'uniform', ids: 'time' },
    ...{ holdsPercent: 0, balances: false },
    ...shape,
  }
}
