/** Bundles of openings (docs/decisions/0025-replay.md): what the leaves of an entry bundle commit to, for an auditor who may see it. */
import type { OpenedLeaf } from '../leaves/open-leaf.ts'

export interface Opening extends Omit<OpenedLeaf, 'leaf'> {
  /** Of the event's frame, 32 bytes, where a statement speaks of the accounts after this event. */
  readonly frameSalt?: Uint8Array | undefined
}

const MAGIC = Buffer.from('TLP1')
const PARTS = 6
const HEAD_BYTES = 2 * PARTS
const PART_BYTES_MAX = 0xffff
const NOTHING = new Uint8Array(0)

/** @returns `TLP1`, then for each event the lengths of its six parts, u16 little-endian, and the parts. @throws RangeError */
export function encodeOpeningBundle(openings: readonly Opening[]): Uint8Array<ArrayBuffer> {
  const events = openings.map(partsOf)
  const length = events
    .flat()
    .reduce((sum, part) => sum + part.length, MAGIC.length + events.length * HEAD_BYTES)
  const bundle = Buffer.alloc(length)
  let at = MAGIC.copy(bundle)
  for (const parts of events) {
    for (const part of parts) at = bundle.writeUInt16LE(lengthOf(part), at)
    for (const part of parts) {
      bundle.set(part, at)
      at += part.length
    }
  }
  return new Uint8Array(bundle.buffer, bundle.byteOffset, bundle.length)
}

/** A part that is not there has the length 0. */
function partsOf({ content, debit, credit, facts, metadata, frameSalt }: Opening): Uint8Array[] {
  return [content, debit, credit, facts, metadata, frameSalt].map((part) => part ?? NOTHING)
}

function lengthOf(part: Uint8Array): number {
  if (part.length <= PART_BYTES_MAX) return part.length
  throw new RangeError(`A part of an opening has 65,535 bytes at most, not ${part.length}.`)
}
