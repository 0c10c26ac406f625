/** The making of signed notes, checkpoints and cosignatures. */
import {
  assertText,
  type Checkpoint,
  COSIGNATURE_TIMESTAMP_MAX,
  cosignatureMessage,
  encodeCosignature,
  formatCheckpoint,
  formatNote,
  MalformedKey,
  MalformedNote,
  type NoteSignature,
  parseCheckpoint,
  SignatureType,
  type SignedNote,
} from '@tallystick/verify'

import type { SigningKey } from './signing-key.ts'

/**
 * One line for each key, in their order.
 * @param text with its final line feed.
 * @throws MalformedNote for a text that cannot be signed, MalformedKey for a key that only cosigns.
 */
export function signNote(text: string, keys: readonly SigningKey[]): SignedNote {
  assertText(text)
  const signatures = keys.map((key) => signatureOf(text, key))
  if (signatures.length === 0) throw new MalformedNote('no key was given to sign with')
  return { text, signatures }
}

/** @returns the signed note as it is published. @throws MalformedCheckpoint, MalformedKey */
export function signCheckpoint(checkpoint: Checkpoint, keys: readonly SigningKey[]): string {
  return formatNote(signNote(formatCheckpoint(checkpoint), keys))
}

/**
 * @param text a checkpoint's, with its final line feed.
 * @param timestamp seconds since the epoch; from 1.
 * @throws MalformedCheckpoint, MalformedKey for a key that does not cosign.
 */
export function cosign(text: string, key: SigningKey, timestamp: bigint): NoteSignature {
  assertText(text)
  parseCheckpoint(text)
  const { name, keyId, type } = key.verifierKey
  if (type !== SignatureType.cosignature)
    throw new MalformedKey(`the key of ${name} does not cosign`)
  if (timestamp <= 0n || timestamp > COSIGNATURE_TIMESTAMP_MAX) {
    throw new RangeError(`${timestamp} is no time of a cosignature`)
  }
  const signature = key.sign(cosignatureMessage(text, timestamp))
  return { name, keyId, signature: encodeCosignature({ timestamp, signature }) }
}

/** The note with further signatures; one of the same key is replaced. */
export function addSignatures(note: SignedNote, added: readonly NoteSignature[]): SignedNote {
  const isReplaced = (old: NoteSignature): boolean =>
    added.some(({ name, keyId }) => name === old.name && keyId === old.keyId)
  const kept = note.signatures.filter((signature) => !isReplaced(signature))
  return { text: note.text, signatures: [...kept, ...added] }
}

function signatureOf(text: string, key: SigningKey): NoteSignature {
  const { name, keyId, type } = key.verifierKey
  if (type !== SignatureType.ed25519) throw new MalformedKey(`the key of ${name} only cosigns`)
  return { name, keyId, signature: key.sign(new TextEncoder().encode(text)) }
}
