/** How many bytes a request of transfers becomes in the journal: what the bare log is given to write. */
import { frameBytes } from '@tallystick/journal'

/** A book body's fixed part; a record of a plain transfer with its place in the table of offsets; a request's envelope, about. */
const BODY_BYTES = 64
const RECORD_BYTES = 160 + 4
const ENVELOPE_BYTES = 192
/** What a hold with a timeout has more. */
const HOLD_BYTES = 64

export interface FrameContent {
  readonly requests: number
  readonly transfers: number
  readonly holdsPercent: number
}

export function bodyBytes({ requests, transfers, holdsPercent }: FrameContent): number {
  const record = RECORD_BYTES + (HOLD_BYTES * holdsPercent) / 100
  const bytes = BODY_BYTES + requests * ENVELOPE_BYTES + transfers * record
  return Math.ceil(bytes / 8) * 8
}

/** Headers and checksums included. */
export function frameSize(content: FrameContent): number {
  return frameBytes(bodyBytes(content))
}
