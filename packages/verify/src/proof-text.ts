/** Proofs of inclusion as text (c2sp.org/tlog-proof): extra data, index, the hashes of the way to the root, a checkpoint. */
import { fromBase64 } from './bytes.ts'
import { HASH_SIZE } from './sha256.ts'

/** Of one proof with all that is inside. Longer text is refused unread. */
const PROOF_LENGTH_MAX = 2_000_000

const FIRST_LINE = 'c2sp.org/tlog-proof@v1'
/** As many as a tree of 2^63 leaves needs. */
const PROOF_HASHES_MAX = 63

export interface ProofText {
  /** Opaque to the format; undefined when there is none. */
  readonly extra: Uint8Array | undefined
  /** Of the leaf, from 0. */
  readonly index: bigint
  /** From the leaf's sibling up to the root's child; 32 bytes each. */
  readonly proof: readonly Uint8Array[]
  /** A signed note, verbatim. */
  readonly checkpoint: string
}

/** A text that is no proof; the message says why and in which line. */
export class MalformedProof extends Error {
  override readonly name = 'MalformedProof'
}

/** Nothing of it is verified by reading. @throws MalformedProof */
export function parseProofText(text: string): ProofText {
  if (text.length > PROOF_LENGTH_MAX) throw new MalformedProof('The text is too long for a proof')
  const end = text.indexOf('\n\n')
  if (end < 0) throw new MalformedProof('No empty line stands between the proof and a checkpoint')
  const [first = '', ...lines] = text.slice(0, end).split('\n')
  if (first !== FIRST_LINE) throw new MalformedProof(`Line 1 is not ${FIRST_LINE}`)
  const extraLine = lines[0]?.startsWith('extra ') ? lines[0] : undefined
  const [indexLine = '', ...hashes] = extraLine === undefined ? lines : lines.slice(1)
  const hashesFrom = extraLine === undefined ? 3 : 4
  if (hashes.length > PROOF_HASHES_MAX) {
    throw new MalformedProof(`The proof has ${hashes.length} hashes, more than any tree needs`)
  }
  return {
    extra: extraLine === undefined ? undefined : parseExtra(extraLine),
    index: parseIndex(indexLine, hashesFrom - 1),
    proof: hashes.map((line, place) => parseHash(line, hashesFrom + place)),
    checkpoint: text.slice(end + 2),
  }
}

function parseExtra(line: string): Uint8Array {
  const extra = fromBase64(line.slice('extra '.length))
  if (extra === undefined) throw new MalformedProof('The extra data in line 2 is not base64')
  return extra
}

function parseIndex(line: string, number: number): bigint {
  const [, digits] = /^index (0|[1-9][0-9]{0,18})$/.exec(line) ?? []
  if (digits === undefined) throw new MalformedProof(`Line ${number} is not "index" and a number`)
  return BigInt(digits)
}

function parseHash(line: string, number: number): Uint8Array {
  const hash = fromBase64(line)
  if (hash?.length === HASH_SIZE) return hash
  throw new MalformedProof(`Line ${number} is not a hash of 32 bytes in base64`)
}
