/**
 * Ids that the server makes: UUIDv7 for requests and for money without a name of its own, and ids that are a function of
 * a name (docs/decisions/0006-http-ids.md).
 */
import { randomFillSync } from 'node:crypto'

import { digestOf } from '@tallystick/engine'

/** Random bytes in stock, so that one call serves many ids. */
const STOCK = Buffer.alloc(8_192)
let used = STOCK.length

function stock(bytes: number): number {
  if (used + bytes > STOCK.length) {
    randomFillSync(STOCK)
    used = 0
  }
  used += bytes
  return used - bytes
}

/** 16 bytes, the most significant first: 48 bits of time, then random. */
export function newRequestId(nowMs: number): Uint8Array {
  const id = new Uint8Array(16)
  const from = stock(10)
  for (let index = 0; index < 10; index++) id[6 + index] = STOCK[from + index] ?? 0
  const high = Math.floor(nowMs / 0x1_0000)
  id[0] = high >>> 24
  id[1] = high >>> 16
  id[2] = high >>> 8
  id[3] = high
  id[4] = nowMs >>> 8
  id[5] = nowMs
  return id
}

let timeOfPart = -1
let timePart = 0n

/** UUIDv7 of RFC 9562. */
export function newId(nowMs: number): bigint {
  const from = stock(10)
  const random = STOCK.readUInt16LE(from)
  if (nowMs !== timeOfPart) {
    timeOfPart = nowMs
    timePart = BigInt(nowMs) << 16n
  }
  const high = timePart | BigInt(0x7000 | (random & 0xfff))
  const low = (STOCK.readBigUInt64LE(from + 2) & 0x3fff_ffff_ffff_ffffn) | 0x8000_0000_0000_0000n
  return (high << 64n) | low
}

/** What a reference names. Whatever moves, captures, releases or takes back money is a `transfer`. */
export type ReferenceKind = 'transfer' | 'transaction' | 'hold'

/** The id that a reference is: the same for the same owner, kind and reference, for ever. */
export function referenceId(owner: string, kind: ReferenceKind, reference: string): bigint {
  return hashedId(digestOf('tallystick/reference-id/v1', owner, kind, reference))
}

/** Id of a transaction's further transfers; the first one has the transaction's own id. Keeps the time of the transaction's. */
export function postingId(transaction: bigint, index: number): bigint {
  if (index === 0) return transaction
  const digest = digestOf('tallystick/posting-id/v1', transaction.toString(16), String(index))
  const time = (transaction >> 80n) << 80n
  return time | (hashedId(digest) & ((1n << 80n) - 1n))
}

/** Id of the one capture of a hold that may keep the rest without a name of its own. */
export function unnamedCaptureId(hold: bigint): bigint {
  return hashedId(digestOf('tallystick/unnamed-capture/v1', hold.toString(16)))
}

/** UUIDv8: 122 bits of a hash. */
function hashedId(digest: Buffer): bigint {
  const high = (digest.readBigUInt64BE(0) & 0xffff_ffff_ffff_0fffn) | 0x8000n
  const low = (digest.readBigUInt64BE(8) & 0x3fff_ffff_ffff_ffffn) | 0x8000_0000_0000_0000n
  return (high << 64n) | low
}
