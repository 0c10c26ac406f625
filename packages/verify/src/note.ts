/**
 * Signed notes (c2sp.org/signed-note): a text, an empty line, and signature lines. Read strictly: what is no note to the
 * letter is refused, so that two readers never see two texts.
 */
import { concatBytes, fromBase64, toBase64 } from './bytes.ts'
import { hasControl, isKeyName } from './verifier-key.ts'

/** As in the reference implementation; at least 16 must be accepted. */
export const NOTE_SIGNATURES_MAX = 100

/** 100 post-quantum signatures of 5 kB, and a text. */
export const NOTE_BYTES_MAX = 1_000_000

const KEY_ID_BYTES = 4
const LINE_START = '— '

export interface NoteSignature {
  /** Of the key. */
  readonly name: string
  /** u32. */
  readonly keyId: number
  /** What follows the key id; at least one byte. */
  readonly signature: Uint8Array
}

export interface SignedNote {
  /** With its final line feed. */
  readonly text: string
  /** In the order of their lines; one at least. Not verified by reading. */
  readonly signatures: readonly NoteSignature[]
}

/** Bytes that are no signed note; the message says why. */
export class MalformedNote extends Error {
  override readonly name = 'MalformedNote'
}

/** @throws MalformedNote */
export function parseNote(note: Uint8Array | string): SignedNote {
  const whole = typeof note === 'string' ? note : decode(note)
  if (whole.length > NOTE_BYTES_MAX) throw new MalformedNote('the note is too long')
  assertPlain(whole)
  // The last empty line: the text may have others.
  const split = whole.lastIndexOf('\n\n')
  if (split < 0) throw new MalformedNote('no empty line stands before the signatures')
  const signatures = parseSignatureLines(whole.slice(split + 2))
  if (signatures.length === 0) throw new MalformedNote('the note has no signature')
  return { text: whole.slice(0, split + 1), signatures }
}

/** @throws MalformedNote for what could not be read again. */
export function formatNote({ text, signatures }: SignedNote): string {
  assertText(text)
  if (signatures.length === 0) throw new MalformedNote('the note has no signature')
  return `${text}\n${formatSignatureLines(signatures)}`
}

/**
 * The lines alone, as a witness answers them.
 * @throws MalformedNote
 */
export function parseSignatureLines(lines: string): NoteSignature[] {
  if (lines === '') return []
  assertPlain(lines)
  if (!lines.endsWith('\n')) throw new MalformedNote('the last line does not end')
  const each = lines.slice(0, -1).split('\n')
  if (each.length > NOTE_SIGNATURES_MAX) {
    throw new MalformedNote(`there are more than ${NOTE_SIGNATURES_MAX} signatures`)
  }
  return each.map(parseSignatureLine)
}

/** Each with its line feed. @throws MalformedNote for a name that is none, or a signature of no bytes. */
export function formatSignatureLines(signatures: readonly NoteSignature[]): string {
  return signatures.map(formatSignatureLine).join('')
}

/** @throws MalformedNote when a signer may not sign this as a text. */
export function assertText(text: string): void {
  assertPlain(text)
  if (!text.endsWith('\n')) throw new MalformedNote('the text does not end with a line feed')
}

function parseSignatureLine(line: string): NoteSignature {
  const [, name = '', encoded = ''] = /^— ([^ ]+) ([^ ]+)$/.exec(line) ?? []
  if (!isKeyName(name)) throw new MalformedNote(`${JSON.stringify(line)} is no signature line`)
  const bytes = fromBase64(encoded)
  if (bytes === undefined || bytes.length <= KEY_ID_BYTES) {
    throw new MalformedNote(`the signature of ${name} is not base64, or too short`)
  }
  const keyId = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  return { name, keyId, signature: bytes.subarray(KEY_ID_BYTES) }
}

function formatSignatureLine({ name, keyId, signature }: NoteSignature): string {
  if (!isKeyName(name)) throw new MalformedNote(`${JSON.stringify(name)} is no key name`)
  if (signature.length === 0) throw new MalformedNote(`the signature of ${name} is empty`)
  const id = new DataView(new ArrayBuffer(KEY_ID_BYTES))
  id.setUint32(0, keyId)
  const bytes = concatBytes(new Uint8Array(id.buffer), signature)
  return `${LINE_START}${name} ${toBase64(bytes)}\n`
}

function decode(bytes: Uint8Array): string {
  if (bytes.length > NOTE_BYTES_MAX) throw new MalformedNote('the note is too long')
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new MalformedNote('the note is not UTF-8')
  }
}

function assertPlain(text: string): void {
  if (!text.isWellFormed()) throw new MalformedNote('the note is not UTF-8')
  if (hasControl(text)) throw new MalformedNote('the note has a control character')
}
