/** A receipt's text: C2SP tlog-proof (https://c2sp.org/tlog-proof). The reader is in `@tallystick/verify`. */
import { toBase64 } from '@tallystick/verify'

export interface ProofParts {
  /** What the application has to say besides; nothing verifies it. */
  readonly extra?: Uint8Array
  /** Of the leaf, from 0. */
  readonly index: bigint
  /** Of inclusion, hashes of 32 bytes each. */
  readonly proof: readonly Uint8Array[]
  /** The signed note, with its final line feed. */
  readonly checkpoint: string
}

export function formatProof({ extra, index, proof, checkpoint }: ProofParts): string {
  const lines = ['c2sp.org/tlog-proof@v1']
  if (extra !== undefined) lines.push(`extra ${toBase64(extra)}`)
  lines.push(`index ${index}`, ...proof.map(toBase64), '', checkpoint)
  return lines.join('\n')
}
