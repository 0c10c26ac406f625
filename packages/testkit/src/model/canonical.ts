/** Canonical bytes of the content and of the whole state (docs/decisions/0001, 'State bytes'). */
import { AccountFlags, TransferFlags } from '@tallystick/ledger'
import { assert } from '@tallystick/money'
import { ByteWriter } from './bytes.ts'
import type { Digest } from './digest.ts'
import { compare, openHolds } from './expiry.ts'
import { accessOf, rulesOf } from './settings.ts'
import type { Account, Event, Hold, State } from './state.ts'

export function contentBytes(state: State): Uint8Array {
  const writer = new ByteWriter().raw('tallystick/content/v1')
  const accounts = [...state.accounts.all().values()].sort((a, b) => compare(a.id, b.id))
  for (const account of accounts) writeAccount(writer, account)
  writer.raw('tallystick/holds/v1')
  const holds = openHolds(state).sort((a, b) => compare(a.id, b.id))
  for (const hold of holds) writeHold(writer, state, hold)
  return writer.finish()
}

function writeAccount(writer: ByteWriter, account: Account): void {
  writer
    .u128(account.id)
    .sized(account.address)
    .u32(account.asset)
    .u16(account.code)
    .u16(account.flags & ~AccountFlags.linked)
    .u128(account.parent)
    .u128(account.limit)
    .u128(account.subtreeLimit)
    .u128(account.own.debitsPending)
    .u128(account.own.debitsPosted)
    .u128(account.own.creditsPending)
    .u128(account.own.creditsPosted)
    .sized(account.metadata)
}

function writeHold(writer: ByteWriter, state: State, hold: Hold): void {
  const transfer = state.transfers.get(hold.id)
  assert(transfer !== undefined, 'a hold without its transfer')
  writer
    .u128(hold.id)
    .u128(transfer.debit)
    .u128(transfer.credit)
    .u32(transfer.asset)
    .u16(transfer.code)
    .u16(transfer.flags & ~TransferFlags.linked)
    .u128(hold.captured)
    .u128(hold.remaining)
}

export function stateBytes(state: State, last: Event, digest: Digest): Uint8Array {
  const writer = new ByteWriter().raw(contentBytes(state)).raw('tallystick/state/v1')
  writer.u64(last.timestamp).u64(last.sequence).u32(digest.a).u32(digest.b)
  const assets = [...state.assets.all()].sort(([a], [b]) => compare(a, b))
  writer.u32(assets.length)
  for (const [asset, name] of assets) writer.u32(asset).sized(name)
  const books = closedBooks(state)
  writer.u32(books.length)
  for (const { asset, id, until } of books) writer.u32(asset).u128(id).u64(until)
  const access = accessOf(state)
  if (access.version > 0) writer.raw(access.bytes())
  const rules = rulesOf(state)
  if (!rules.isEmpty) writer.raw(rules.bytes())
  return writer.finish()
}

/** Subtrees come first: their asset is written as 0. */
function closedBooks(state: State): { asset: number; id: bigint; until: bigint }[] {
  const subtrees = [...state.booksOfSubtrees.all()].map(([id, until]) => ({ asset: 0, id, until }))
  const assets = [...state.booksOfAssets.all()].map(([asset, until]) => ({ asset, id: 0n, until }))
  return [...subtrees, ...assets]
    .filter(({ until }) => until !== 0n)
    .sort((a, b) => compare(a.asset, b.asset) || compare(a.id, b.id))
}
