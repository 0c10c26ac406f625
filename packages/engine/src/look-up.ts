/**
 * Look-up keys and ids that derive from names: the first 128 bits of SHA-256 over a domain, and length-prefixed parts, so
 * that no two meanings share a hash.
 */
import { hash } from 'node:crypto'

import type { LookUpKey } from './request.ts'

/** The key of an `Idempotency-Key`: unique per owner (principal). */
export function idempotencyKey(owner: string, key: string): LookUpKey {
  return { ...halves(digestOf('tallystick/key/v1', owner, key)), unique: true }
}

/** The key of a `reference`: unique per owner and kind (`transfer`, `transaction`, `hold`, …). */
export function referenceKey(owner: string, kind: string, reference: string): LookUpKey {
  return { ...halves(digestOf('tallystick/reference/v1', owner, kind, reference)), unique: true }
}

/** Finds a request by its id, whose 16 bytes are as good as a hash: most of them are random. */
export function requestKey(requestId: Uint8Array): LookUpKey {
  const { buffer, byteOffset } = requestId
  const bytes = new DataView(buffer, byteOffset, 16)
  return { low: bytes.getBigUint64(8, true), high: bytes.getBigUint64(0, true), unique: false }
}

/** Finds the request of a transaction with that id (u128). */
export function transactionKey(id: bigint): LookUpKey {
  return { ...halves(digestOf('tallystick/transaction/v1', id.toString(16))), unique: false }
}

/** Id of the account with an address. */
export function accountIdOf(address: string): bigint {
  const { low, high } = halves(digestOf('tallystick/account/v1', address))
  return (high << 64n) | low
}

/** Bytes of SHA-256 over a domain and its length-prefixed parts. */
export function digestOf(domain: string, ...parts: readonly string[]): Buffer {
  let text = domain
  for (const part of parts) text += `\n${Buffer.byteLength(part)}\n${part}`
  return hash('sha256', text, 'buffer')
}

function halves(digest: Buffer): { low: bigint; high: bigint } {
  return { low: digest.readBigUInt64LE(0), high: digest.readBigUInt64LE(8) }
}
