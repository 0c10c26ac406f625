/** The canonical bytes of the state (docs/decisions/0001, State bytes): what `engine` hashes. */
import { CLOSED_BY_TRANSFER, NO_PARENT, Row32, Row64 } from './accounts.ts'
import { AccountFlags } from './flags.ts'
import { Hold32, Hold64 } from './holds.ts'
import { big } from './limbs.ts'
import { subtreeLimitOf } from './openings.ts'
import type { State } from './state.ts'

const PIECE_BYTES = 1 << 16

/** Gathers fields into pieces, so that a million accounts never lie in memory twice. */
class Pieces {
  #bytes = new Uint8Array(PIECE_BYTES)
  #view = new DataView(this.#bytes.buffer)
  #at = 0

  text(text: string): void {
    for (let i = 0; i < text.length; i++) this.#bytes[this.#at++] = text.charCodeAt(i)
  }
  u16(value: number): void {
    this.#view.setUint16(this.#at, value, true)
    this.#at += 2
  }
  u32(value: number): void {
    this.#view.setUint32(this.#at, value, true)
    this.#at += 4
  }
  u64(value: bigint): void {
    this.#view.setBigUint64(this.#at, value, true)
    this.#at += 8
  }
  u128(value: bigint): void {
    this.u64(BigInt.asUintN(64, value))
    this.u64(value >> 64n)
  }
  bytes(bytes: Uint8Array): void {
    this.u32(bytes.length)
    this.#bytes.set(bytes, this.#at)
    this.#at += bytes.length
  }

  /** What has been gathered, when it is worth passing on. */
  *full(isLast = false): Generator<Uint8Array> {
    if (this.#at === 0 || (!isLast && this.#at < PIECE_BYTES / 2)) return
    yield this.#bytes.subarray(0, this.#at)
    this.#bytes = new Uint8Array(PIECE_BYTES)
    this.#view = new DataView(this.#bytes.buffer)
    this.#at = 0
  }
}

export function* contentBytes(state: State): Generator<Uint8Array> {
  const pieces = new Pieces()
  pieces.text('tallystick/content/v1')
  for (const slot of slotsById(state)) {
    writeAccount(pieces, state, slot)
    yield* pieces.full()
  }
  pieces.text('tallystick/holds/v1')
  for (const row of holdsById(state)) {
    writeHold(pieces, state, row)
    yield* pieces.full()
  }
  yield* pieces.full(true)
}

export function* stateBytes(state: State): Generator<Uint8Array> {
  yield* contentBytes(state)
  const pieces = new Pieces()
  pieces.text('tallystick/state/v1')
  pieces.u64(state.lastTimestamp)
  pieces.u64(BigInt(state.lastSequence))
  pieces.u32(state.digest[0] as number)
  pieces.u32(state.digest[1] as number)
  const assets = [...state.assetNames].sort(([a], [b]) => a - b)
  pieces.u32(assets.length)
  for (const [number, name] of assets) {
    pieces.u32(number)
    pieces.u32(name.length)
    pieces.text(name)
    yield* pieces.full()
  }
  const books = closedBooks(state)
  pieces.u32(books.length)
  for (const { asset, id, until } of books) {
    pieces.u32(asset)
    pieces.u128(id)
    pieces.u64(until)
    yield* pieces.full()
  }
  yield* pieces.full(true)
  // As long as nobody was given a right, the bytes are those of books that know no rights.
  if (state.access.version > 0) yield state.access.bytes()
  if (!state.rules.isEmpty) yield state.rules.bytes()
}

function writeAccount(pieces: Pieces, state: State, slot: number): void {
  const { accounts } = state
  const words = accounts.row32(slot)
  const base = accounts.base32(slot)
  const row = accounts.row64(slot)
  const at = accounts.base64(slot)
  const parent = accounts.parent(slot)
  const address = accounts.address(slot)
  pieces.u128(accounts.id(slot))
  pieces.u32(address.length)
  pieces.text(address)
  pieces.u32(words[base + Row32.asset] as number)
  pieces.u16((words[base + Row32.flagsAndCode] as number) >>> 16)
  pieces.u16(accounts.flags(slot) & ~(AccountFlags.linked | CLOSED_BY_TRANSFER))
  pieces.u128(parent === NO_PARENT ? 0n : accounts.id(parent))
  pieces.u128(big(row, at + Row64.limit))
  pieces.u128(subtreeLimitOf(state, slot))
  for (let i = 0; i < 8; i += 2) pieces.u128(big(row, at + Row64.debitsPending + i))
  pieces.bytes(accounts.metadata(slot))
}

function writeHold(pieces: Pieces, state: State, row: number): void {
  const { holds } = state
  const words = holds.row64(row)
  const base = holds.base64(row)
  const halves = holds.row32(row)
  const at = holds.base32(row)
  const codeAndFlags = halves[at + Hold32.codeAndFlags] as number
  pieces.u128(big(words, base + Hold64.id))
  pieces.u128(state.accounts.id(halves[at + Hold32.debitSlot] as number))
  pieces.u128(state.accounts.id(halves[at + Hold32.creditSlot] as number))
  pieces.u32(halves[at + Hold32.asset] as number)
  pieces.u16(codeAndFlags & 0xffff)
  pieces.u16((codeAndFlags >>> 16) & ~AccountFlags.linked)
  pieces.u128(big(words, base + Hold64.captured))
  pieces.u128(big(words, base + Hold64.remaining))
}

function slotsById(state: State): Uint32Array {
  const { accounts } = state
  const slots = Uint32Array.from({ length: accounts.count }, (_, slot) => slot)
  return slots.sort((a, b) =>
    compareIds(accounts.row64(a), accounts.base64(a), accounts.row64(b), accounts.base64(b)),
  )
}

function holdsById(state: State): number[] {
  const { holds } = state
  const at = (row: number): number => holds.base64(row) + Hold64.id
  return [...holds.open()].sort((a, b) => compareIds(holds.row64(a), at(a), holds.row64(b), at(b)))
}

/** Orders u128 by their value. */
function compareIds(a: BigUint64Array, i: number, b: BigUint64Array, j: number): number {
  const upper = a[i + 1] as bigint
  const otherUpper = b[j + 1] as bigint
  if (upper !== otherUpper) return upper < otherUpper ? -1 : 1
  const lower = a[i] as bigint
  const otherLower = b[j] as bigint
  if (lower === otherLower) return 0
  return lower < otherLower ? -1 : 1
}

function closedBooks(state: State): { asset: number; id: bigint; until: bigint }[] {
  const books = [...state.books.assets].map(([asset, until]) => ({ asset, id: 0n, until }))
  for (const [slot, until] of state.books.subtrees) {
    books.push({ asset: 0, id: state.accounts.id(slot), until })
  }
  return books.sort((a, b) => a.asset - b.asset || (a.id < b.id ? -1 : 1))
}
