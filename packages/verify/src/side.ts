/** What a side's commitment hides (decision 0013): account, amount, and for money that moved the balances after it. */
import { ByteReader } from './byte-reader.ts'
import { isMoved, type Leaf } from './leaf.ts'

export interface Side {
  /** Number of the asset. */
  readonly asset: number
  /** u128 in the asset's smallest units: moved, held or released; what was asked when it was refused. */
  readonly amount: bigint
  /** Account id, u128. */
  readonly account: bigint
  /** Absent when the transfer was refused. */
  readonly entry?: Entry
}

export interface Entry {
  /** Of the account's entries, from 1. */
  readonly number: bigint
  /** Sequence of the account's entry before; 0: none. */
  readonly previous: bigint
  /** Sequence of an entry further back; 0: none. */
  readonly jump: bigint
  /** Balances after the event, u128 in the asset's smallest units. */
  readonly debitsPending: bigint
  readonly debitsPosted: bigint
  readonly creditsPending: bigint
  readonly creditsPosted: bigint
}

/** Whether what was hashed is what it commits to is for the caller to check. @throws MalformedEvent */
export function decodeSide(which: 'debit' | 'credit', bytes: Uint8Array, leaf: Leaf): Side {
  const reader = new ByteReader(`The ${which} side`, bytes)
  return isMoved(leaf) ? decodeMoved(reader) : decodeRefused(reader)
}

function decodeMoved(reader: ByteReader): Side {
  const wide = reader.tag(['TLN1', 'TLW1']) === 'TLW1'
  const asset = reader.u32()
  const amount = reader.u64()
  reader.bytes(16)
  const account = reader.u128()
  const links = { number: reader.u64(), previous: reader.u64(), jump: reader.u64() }
  const lower = fourOf(reader)
  const amountUpper = wide ? reader.u64() : 0n
  const upper = wide ? fourOf(reader) : NONE
  reader.end()
  const balance = (of: keyof Four): bigint => lower[of] | (upper[of] << 64n)
  const entry = {
    ...links,
    debitsPending: balance('debitsPending'),
    debitsPosted: balance('debitsPosted'),
    creditsPending: balance('creditsPending'),
    creditsPosted: balance('creditsPosted'),
  }
  return { asset, amount: amount | (amountUpper << 64n), account, entry }
}

function decodeRefused(reader: ByteReader): Side {
  reader.tag(['TLX1'])
  const asset = reader.u32()
  const amount = reader.u128()
  reader.bytes(16)
  const account = reader.u128()
  reader.end()
  return { asset, amount, account }
}

type Four = Pick<Entry, 'debitsPending' | 'debitsPosted' | 'creditsPending' | 'creditsPosted'>

const NONE: Four = { debitsPending: 0n, debitsPosted: 0n, creditsPending: 0n, creditsPosted: 0n }

function fourOf(reader: ByteReader): Four {
  return {
    debitsPending: reader.u64(),
    debitsPosted: reader.u64(),
    creditsPending: reader.u64(),
    creditsPosted: reader.u64(),
  }
}
