/** A request as the book kept it: its envelope, and the records that it caused. */
import type { Outcome } from './outcome.ts'
import type { Envelope, LookUpKey } from './request.ts'

/** The saved form of a request; records are readable until control returns to the event loop. */
export interface SavedRequest extends Pick<
  Outcome,
  'firstSequence' | 'firstTimestamp' | 'count' | 'status' | 'record'
> {
  readonly envelope: Envelope
  readonly keys: readonly Omit<LookUpKey, 'unique'>[]
}
