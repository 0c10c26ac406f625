/** What the tree over all accounts is made of (decision 0014): the statement of its root, its leaves, and the states behind them. */
import { ByteReader } from './byte-reader.ts'

/** The control event that says a root of the tree over all accounts. */
export const ACCOUNTS_STATEMENT = 32

export interface AccountsStatement {
  /** Sequence of the event after which the tree shows the accounts. */
  readonly through: bigint
  /** How many there are. */
  readonly accounts: bigint
  /** 32 bytes. */
  readonly root: Uint8Array
}

/** @throws MalformedEvent */
export function decodeStatement(what: string, bytes: Uint8Array): AccountsStatement {
  const reader = new ByteReader(what, bytes)
  reader.tag(['TLA1'])
  const statement = { through: reader.u64(), accounts: reader.u64(), root: reader.bytes(32) }
  reader.end()
  return statement
}

/** Layout of a leaf: "TLB1" · account id 16 · state 32. */
export function encodeAccountLeaf(account: bigint, state: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(52)
  bytes.set(new TextEncoder().encode('TLB1'))
  const view = new DataView(bytes.buffer)
  view.setBigUint64(4, BigInt.asUintN(64, account), true)
  view.setBigUint64(12, account >> 64n, true)
  bytes.set(state, 20)
  return bytes
}

/** Of a leaf that is not opened. @returns the account's id, u128. @throws MalformedEvent */
export function idOfAccountLeaf(what: string, bytes: Uint8Array): bigint {
  const reader = new ByteReader(what, bytes)
  reader.tag(['TLB1'])
  const id = reader.u128()
  reader.bytes(32)
  reader.end()
  return id
}

export interface Balances {
  /** u128 in the asset's smallest units. */
  readonly debitsPending: bigint
  readonly debitsPosted: bigint
  readonly creditsPending: bigint
  readonly creditsPosted: bigint
}

export interface AccountState extends Balances {
  /** Number of the asset. */
  readonly asset: number
  readonly count: bigint
  /** Sequence of the newest entry; 0: none. */
  readonly newest: bigint
}

/** @throws MalformedEvent */
export function decodeState(what: string, bytes: Uint8Array): AccountState {
  const reader = new ByteReader(what, bytes)
  reader.tag(['TLM1'])
  const asset = reader.u32()
  const count = reader.u64()
  reader.bytes(16)
  const newest = reader.u64()
  const debits = { debitsPending: reader.u128(), debitsPosted: reader.u128() }
  const credits = { creditsPending: reader.u128(), creditsPosted: reader.u128() }
  reader.end()
  return { asset, count, newest, ...debits, ...credits }
}
