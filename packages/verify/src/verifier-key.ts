/** Verifier keys of signed notes (c2sp.org/signed-note): `name+key id in hex+base64(type || public key)`. */
import { concatBytes, equalBytes, fromBase64, toBase64 } from './bytes.ts'
import { sha256 } from './sha256.ts'

const PUBLIC_KEY_BYTES = 32
const PARTS = /^([^+]*)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/

/** The types that are known here; a signature of any other is from an unknown key. */
export const SignatureType = {
  /** Ed25519 over the text. */
  ed25519: 0x01,
  /** Ed25519 over time and text (c2sp.org/tlog-cosignature, `cosignature/v1`). */
  cosignature: 0x04,
} as const
export type SignatureType = (typeof SignatureType)[keyof typeof SignatureType]

export interface VerifierKey {
  readonly name: string
  /** u32; the first four bytes of SHA-256(name, line feed, type, public key). */
  readonly keyId: number
  readonly type: SignatureType
  /** 32 bytes. */
  readonly publicKey: Uint8Array
}

/** A text that is no verifier key; the message says why. */
export class MalformedKey extends Error {
  override readonly name = 'MalformedKey'
}

/** ASCII control characters other than the line feed: no note may have one. */
export function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 0x20 && code !== 0x0a) return true
  }
  return false
}

/** Not empty, without `+`, Unicode spaces and control characters. */
export function isKeyName(name: string): boolean {
  return (
    name.isWellFormed() && !/[\p{White_Space}+]/u.test(name) && !hasControl(name) && name !== ''
  )
}

/** @throws MalformedKey for a name or a public key that cannot be one. */
export function verifierKey(name: string, type: SignatureType, publicKey: Uint8Array): VerifierKey {
  if (!isKeyName(name)) {
    throw new MalformedKey(
      `${JSON.stringify(name)} is no key name: it is empty, or has a + or a space`,
    )
  }
  if (publicKey.length !== PUBLIC_KEY_BYTES) {
    throw new MalformedKey(`the public key of ${name} has ${publicKey.length} bytes instead of 32`)
  }
  return { name, keyId: keyIdOf(name, type, publicKey), type, publicKey }
}

/** @throws MalformedKey */
export function parseVerifierKey(text: string): VerifierKey {
  const [, name = '', id = '', encoded = ''] = PARTS.exec(text) ?? []
  const bytes = encoded === '' ? undefined : fromBase64(encoded)
  if (bytes === undefined) {
    throw new MalformedKey(`${JSON.stringify(text)} is no verifier key: NAME+KEYID+BASE64`)
  }
  const type = Object.values(SignatureType).find((known) => known === bytes[0])
  if (type === undefined) {
    throw new MalformedKey(`the key of ${name} is of the type ${bytes[0]}: only 1 and 4 are known`)
  }
  const key = verifierKey(name, type, bytes.subarray(1))
  if (hexOf(key.keyId) === id) return key
  throw new MalformedKey(`the key id of ${name} is ${id}, but its key gives ${hexOf(key.keyId)}`)
}

export function formatVerifierKey({ name, keyId, type, publicKey }: VerifierKey): string {
  return `${name}+${hexOf(keyId)}+${toBase64(concatBytes(Uint8Array.of(type), publicKey))}`
}

/** The same name, type and public key. */
export function equalKeys(a: VerifierKey, b: VerifierKey): boolean {
  return a.name === b.name && a.type === b.type && equalBytes(a.publicKey, b.publicKey)
}

/** Eight hexadecimal digits. */
function hexOf(keyId: number): string {
  return keyId.toString(16).padStart(8, '0')
}

function keyIdOf(name: string, type: SignatureType, publicKey: Uint8Array): number {
  const head = new TextEncoder().encode(`${name}\n`)
  const digest = sha256(head, Uint8Array.of(type), publicKey)
  return new DataView(digest.buffer, digest.byteOffset).getUint32(0)
}
