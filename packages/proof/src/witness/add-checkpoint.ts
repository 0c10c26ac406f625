/** The body of `add-checkpoint` (c2sp.org/tlog-witness): what is asked of a witness. */
import {
  type Checkpoint,
  fromBase64,
  HASH_SIZE,
  MalformedNote,
  parseCheckpoint,
  parseNote,
  parseTreeSize,
  type SignedNote,
  toBase64,
} from '@tallystick/verify'

/** Hashes of a consistency proof between sizes of 63 bits. */
export const PROOF_LINES_MAX = 63

/** With a checkpoint of 16 signatures of 5 kB, and room. */
export const ADD_CHECKPOINT_BYTES_MAX = 128 * 1024

export interface AddCheckpoint {
  /** Of the checkpoint that the asker takes for the newest of this witness. */
  readonly oldSize: bigint
  readonly proof: readonly Uint8Array[]
  readonly note: SignedNote
  readonly checkpoint: Checkpoint
}

/** @param note the signed checkpoint. */
export function formatAddCheckpoint(
  oldSize: bigint,
  proof: readonly Uint8Array[],
  note: string,
): string {
  return [`old ${oldSize}\n`, ...proof.map((hash) => `${toBase64(hash)}\n`), '\n', note].join('')
}

/** @throws MalformedNote, MalformedCheckpoint */
export function parseAddCheckpoint(body: Uint8Array): AddCheckpoint {
  const text = decode(body)
  const split = text.indexOf('\n\n')
  if (split < 0) throw new MalformedNote('no empty line stands before the checkpoint')
  const [first = '', ...lines] = text.slice(0, split).split('\n')
  const oldSize = first.startsWith('old ') ? parseTreeSize(first.slice(4)) : undefined
  if (oldSize === undefined) throw new MalformedNote('the first line is not "old" and a tree size')
  if (lines.length > PROOF_LINES_MAX) {
    throw new MalformedNote(`the proof has more than ${PROOF_LINES_MAX} lines`)
  }
  const note = parseNote(text.slice(split + 2))
  return { oldSize, proof: lines.map(parseHash), note, checkpoint: parseCheckpoint(note.text) }
}

function parseHash(line: string): Uint8Array {
  const hash = fromBase64(line)
  if (hash?.length === HASH_SIZE) return hash
  throw new MalformedNote('a line of the proof is no hash of 32 bytes in base64')
}

function decode(body: Uint8Array): string {
  if (body.length > ADD_CHECKPOINT_BYTES_MAX) throw new MalformedNote('the request is too long')
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    throw new MalformedNote('the request is not UTF-8')
  }
}
