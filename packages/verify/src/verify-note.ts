/** Which of the keys that one knows have signed a note. */
import { cosignatureMessage, decodeCosignature } from './cosignature.ts'
import { verifyEd25519 } from './ed25519.ts'
import { type NoteSignature, type SignedNote } from './note.ts'
import { equalKeys, SignatureType, type VerifierKey } from './verifier-key.ts'

export interface VerifiedSignature {
  readonly key: VerifierKey
  readonly signature: NoteSignature
  /** Seconds since the epoch; of cosignatures only. Nobody has compared it with a clock. */
  readonly timestamp?: bigint
}

export interface NoteVerification {
  /** One for each key that signed: its first line that verifies. */
  readonly verified: readonly VerifiedSignature[]
  /** Keys with a line of their name and id that does not verify: such a note was tampered with, or is damaged. */
  readonly failed: readonly VerifierKey[]
}

/** Two keys of one name and key id that are not the same key. */
export class AmbiguousKeys extends Error {
  override readonly name = 'AmbiguousKeys'
}

/**
 * Lines of keys that are not among `keys` are ignored, as the format asks.
 * @throws AmbiguousKeys, Ed25519Missing
 */
export async function verifyNote(
  note: SignedNote,
  keys: readonly VerifierKey[],
): Promise<NoteVerification> {
  const verified: VerifiedSignature[] = []
  const failed = new Set<VerifierKey>()
  for (const signature of note.signatures) {
    const key = keyOf(signature, keys)
    if (key === undefined) continue
    // One after another: a note has few lines of known keys.
    const found = await verifySignature(note.text, signature, key)
    if (found === undefined) failed.add(key)
    else if (!verified.some((other) => other.key === key)) verified.push(found)
  }
  return { verified, failed: [...failed] }
}

/** @returns undefined when it does not verify. */
async function verifySignature(
  text: string,
  signature: NoteSignature,
  key: VerifierKey,
): Promise<VerifiedSignature | undefined> {
  const { publicKey } = key
  switch (key.type) {
    case SignatureType.ed25519: {
      const message = new TextEncoder().encode(text)
      const good = await verifyEd25519({ publicKey, message, signature: signature.signature })
      return good ? { key, signature } : undefined
    }
    case SignatureType.cosignature: {
      const cosignature = decodeCosignature(signature.signature)
      if (cosignature === undefined) return undefined
      const { timestamp } = cosignature
      const message = cosignatureMessage(text, timestamp)
      const good = await verifyEd25519({ publicKey, message, signature: cosignature.signature })
      return good ? { key, signature, timestamp } : undefined
    }
  }
}

/** The one known key of the line's name and id. */
function keyOf(signature: NoteSignature, keys: readonly VerifierKey[]): VerifierKey | undefined {
  const { name, keyId } = signature
  const [first, ...others] = keys.filter((key) => key.name === name && key.keyId === keyId)
  if (first === undefined || others.every((other) => equalKeys(first, other))) return first
  throw new AmbiguousKeys(`two different keys are named ${name} and have one key id`)
}
