/** Openings as they lie beside a log's entries (decision 0025): what each leaf commits to, byte for byte. Nothing of them is believed before it is held against its leaf. */
import { readTileFile, type TilePlace, TileProblem, type TileSource } from '../tiles.ts'

/** What is not there is empty. */
export interface Opening {
  readonly content: Uint8Array
  readonly debit: Uint8Array
  readonly credit: Uint8Array
  readonly facts: Uint8Array
  /** Likewise an asset's name, or what a control event states. */
  readonly metadata: Uint8Array
  /** Of the event's frame, 32 bytes: it makes the tree over all accounts as they were after this event. */
  readonly frameSalt: Uint8Array
}

const HEAD_BYTES = 12
const MAGIC = 'TLP1'
const NOTHING = new Uint8Array(0)

/** Whether the file is a bundle of openings by its beginning: what a web server shows in place of a file that it has not is none. */
export function isOpenings(bytes: Uint8Array | undefined): boolean {
  return bytes !== undefined && String.fromCharCode(...bytes.subarray(0, 4)) === MAGIC
}

/** @returns as many as the place is wide. @throws TileProblem, SourceUnreadable */
export async function readOpenings(
  source: TileSource,
  place: Omit<TilePlace, 'level'>,
): Promise<Opening[]> {
  const { bytes, path, width } = await readTileFile(source, { ...place, level: 'openings' })
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (!isOpenings(bytes)) throw new TileProblem(`${path} does not begin with ${MAGIC}`)
  const openings: Opening[] = []
  let at = MAGIC.length
  for (let event = 1; event <= width; event++) {
    const end = endOf(view, at)
    if (end > bytes.length) throw new TileProblem(`${path} ends in the middle of opening ${event}`)
    openings.push(openingAt(bytes, view, at))
    at = end
  }
  if (at === bytes.length) return openings.slice(0, place.width)
  throw new TileProblem(`${path} has ${bytes.length - at} bytes after its ${width} openings`)
}

function endOf(view: DataView, at: number): number {
  if (at + HEAD_BYTES > view.byteLength) return Infinity
  let end = at + HEAD_BYTES
  for (let part = at; part < at + HEAD_BYTES; part += 2) end += view.getUint16(part, true)
  return end
}

function openingAt(bytes: Uint8Array, view: DataView, at: number): Opening {
  let head = at
  let from = at + HEAD_BYTES
  const next = (): Uint8Array => {
    const length = view.getUint16(head, true)
    head += 2
    from += length
    return length === 0 ? NOTHING : bytes.subarray(from - length, from)
  }
  return {
    content: next(),
    debit: next(),
    credit: next(),
    facts: next(),
    metadata: next(),
    frameSalt: next(),
  }
}
