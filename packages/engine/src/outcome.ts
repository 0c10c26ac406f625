/** What became of a request. */
import type { RecordCursor } from '@tallystick/ledger'

import type { Envelope } from './request.ts'

/**
 * The events of a request, readable in place. Valid until the callback that got it returns: take what is needed
 * there; later ask `reader.record(sequence)`.
 */
export interface Outcome {
  /** The answer of an earlier request with the same unique key. `saved` is that request. */
  readonly replayed: boolean
  readonly dryRun: boolean
  /** Sequence of the first event; event i has `firstSequence + i`. Of a dry run: the sequence it would have had. */
  readonly firstSequence: number
  /** Ledger time of the first event, ns since 1970; event i has `firstTimestamp + i`. */
  readonly firstTimestamp: bigint
  /** Events: as many as commands. */
  readonly count: number
  /** The envelope as saved with the first request; of a dry run and a first request, as given. */
  readonly saved: Envelope
  /** Status number of event `index`, in its operation's table. */
  status(index: number): number
  /** Points `cursor` at the record of event `index`, with its sequence and timestamp. */
  record(index: number, cursor: RecordCursor): RecordCursor
}
