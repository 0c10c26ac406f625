/** How large the parts of a data directory are made. Simulations make them small, so that what is rare in life happens often. */
import { SEGMENT_BYTES } from '@tallystick/journal'

import { GROUP_BYTES, IDS_PER_GENERATION, PART_COMMANDS } from './limits.ts'

export interface Sizes {
  /** Size beyond which no segment of the journal grows; at least four groups and a header. */
  readonly segmentBytes: number
  /** Length of a group buffer. A request that fits in none would wait for ever: whoever makes it smaller asks for less. */
  readonly groupBytes: number
  /** Ids in memory before they go to a sealed run. */
  readonly idsPerGeneration: number
  /** Commands of one request that are decided before the network is heard. */
  readonly partCommands: number
}

export const SIZES: Sizes = {
  segmentBytes: SEGMENT_BYTES,
  groupBytes: GROUP_BYTES,
  idsPerGeneration: IDS_PER_GENERATION,
  partCommands: PART_COMMANDS,
}
