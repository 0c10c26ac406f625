/**
 * Leaves of the tree over all accounts (docs/decisions/0014-accounts-roots.md), made from rows as the ledger has them, a page at a
 * time, and put in order of id.
 */
import { hash } from 'node:crypto'

import { type BatchHasher, createHasher } from '../hash/batch-hasher.ts'
import { putPadding, putTag } from '../hash/messages.ts'

/** Where a row has what the tree needs of it, in units of 4 bytes. All fields are little-endian, as 0014 has them. */
export interface RowLayout {
  readonly rowWords: number
  /** 4 words. */
  readonly id: number
  readonly asset: number
  /** 16 words: debits pending, debits posted, credits pending, credits posted. */
  readonly balances: number
  /** 2 words. */
  readonly entryCount: number
  /** 2 words: sequence of the newest entry. */
  readonly newest: number
}

export interface SortedLeaves {
  /** 16 bytes for each account, as the ledger has them, in order of id as a number. */
  readonly ids: Uint8Array
  /** Leaf hashes of 32 bytes in the same order. */
  readonly hashes: Uint8Array
}

const BATCH = 256
const SALT_BYTES = 52
const SALT_STRIDE = 64
const STATE_BYTES = 104
const STATE_STRIDE = 128
/** 0x00 and the leaf, from the last byte of a word on, so that the leaf itself lies on words. */
const LEAF_BYTES = 53
const LEAF_STRIDE = 68
const LEAF_START = 3
const ID_IN_LEAF = 8
const STATE_IN_LEAF = 24

const SALTS = 0
const SALT_HASHES = SALTS + BATCH * SALT_STRIDE
const STATES = SALT_HASHES + BATCH * 32
const LEAVES = STATES + BATCH * STATE_STRIDE
const LEAF_HASHES = LEAVES + BATCH * LEAF_STRIDE
const END = LEAF_HASHES + BATCH * 32

export class AccountLeaves {
  readonly #layout: RowLayout
  readonly #hasher: BatchHasher
  readonly #ids: Uint32Array
  readonly #hashes: Uint8Array
  #count = 0

  /**
   * @param frameSalt 32 bytes, of the frame that holds the event `through`.
   * @param accounts how many there will be.
   */
  constructor(layout: RowLayout, frameSalt: Uint8Array, accounts: number) {
    this.#layout = layout
    this.#hasher = createHasher(END)
    this.#ids = new Uint32Array(accounts * 4)
    this.#hashes = new Uint8Array(accounts * 32)
    const { u8 } = this.#hasher
    for (let n = 0; n < BATCH; n++) {
      const salt = SALTS + n * SALT_STRIDE
      putTag(u8, salt, 'TLS2')
      u8.set(frameSalt, salt + 4)
      putPadding(u8, salt, SALT_BYTES)
      putTag(u8, STATES + n * STATE_STRIDE, 'TLM1')
      putPadding(u8, STATES + n * STATE_STRIDE, STATE_BYTES)
      const leaf = LEAVES + n * LEAF_STRIDE + LEAF_START
      u8[leaf] = 0
      putTag(u8, leaf + 1, 'TLB1')
      putPadding(u8, leaf, LEAF_BYTES)
    }
  }

  get count(): number {
    return this.#count
  }

  /** The next rows, in order of slot. @param words rows, the first one at index 0. */
  add(words: Uint32Array, rows: number): void {
    for (let from = 0; from < rows; from += BATCH) {
      this.#batch(words, from, Math.min(BATCH, rows - from))
    }
  }

  /** Everything that was added, in order of id. */
  sorted(): SortedLeaves {
    const order = inOrder(this.#ids, this.#count)
    const ids = new Uint32Array(this.#count * 4)
    const hashes = new Uint8Array(this.#count * 32)
    for (let n = 0; n < order.length; n++) {
      const slot = order[n] as number
      for (let word = 0; word < 4; word++) ids[n * 4 + word] = this.#ids[slot * 4 + word] as number
      hashes.set(this.#hashes.subarray(slot * 32, slot * 32 + 32), n * 32)
    }
    return { ids: new Uint8Array(ids.buffer), hashes }
  }

  #batch(words: Uint32Array, from: number, count: number): void {
    const { u8 } = this.#hasher
    this.#stage(words, from, count)
    this.#hasher.hashMany({
      ...{ source: SALTS, stride: SALT_STRIDE, blocks: 1, count, target: SALT_HASHES },
    })
    this.#stageSalts(count)
    this.#hasher.hashMany({
      ...{ source: STATES, stride: STATE_STRIDE, blocks: 2, count },
      ...{ target: LEAVES + STATE_IN_LEAF, targetStride: LEAF_STRIDE },
    })
    this.#hasher.hashMany({
      ...{ source: LEAVES + LEAF_START, stride: LEAF_STRIDE, blocks: 1, count },
      target: LEAF_HASHES,
    })
    this.#hashes.set(u8.subarray(LEAF_HASHES, LEAF_HASHES + count * 32), this.#count * 32)
    this.#count += count
  }

  #stage(words: Uint32Array, from: number, count: number): void {
    const { u32 } = this.#hasher
    const { rowWords, id, asset, balances, entryCount, newest } = this.#layout
    for (let n = 0; n < count; n++) {
      const row = (from + n) * rowWords
      const salt = (SALTS + n * SALT_STRIDE + 36) >>> 2
      const state = (STATES + n * STATE_STRIDE) >>> 2
      const leaf = (LEAVES + n * LEAF_STRIDE + ID_IN_LEAF) >>> 2
      const kept = (this.#count + n) * 4
      for (let word = 0; word < 4; word++) {
        const value = words[row + id + word] as number
        u32[salt + word] = value
        u32[leaf + word] = value
        this.#ids[kept + word] = value
      }
      u32[state + 1] = words[row + asset] as number
      u32[state + 2] = words[row + entryCount] as number
      u32[state + 3] = words[row + entryCount + 1] as number
      u32[state + 8] = words[row + newest] as number
      u32[state + 9] = words[row + newest + 1] as number
      for (let word = 0; word < 16; word++) {
        u32[state + 10 + word] = words[row + balances + word] as number
      }
    }
  }

  #stageSalts(count: number): void {
    const { u32 } = this.#hasher
    for (let n = 0; n < count; n++) {
      const from = (SALT_HASHES + n * 32) >>> 2
      const to = (STATES + n * STATE_STRIDE + 16) >>> 2
      for (let word = 0; word < 4; word++) u32[to + word] = u32[from + word] as number
    }
  }
}

/** Slots in order of their ids as numbers: the highest of the four words first. */
function inOrder(ids: Uint32Array, count: number): Uint32Array {
  const slots = Uint32Array.from({ length: count }, (_, slot) => slot)
  return slots.sort((a, b) => {
    for (let word = 3; word >= 0; word--) {
      const difference = (ids[a * 4 + word] as number) - (ids[b * 4 + word] as number)
      if (difference !== 0) return difference
    }
    return 0
  })
}

/** Bytes that the state of an account commits to, for whoever may see them. */
export interface AccountState {
  readonly asset: number
  readonly entryCount: bigint
  /** Sequence of the newest entry; 0 = none. */
  readonly newest: bigint
  /** Debits pending, debits posted, credits pending, credits posted. */
  readonly balances: readonly [bigint, bigint, bigint, bigint]
}

/** The preimage of a leaf's `state`. @param salt 16 bytes, see `accountSalt`. */
export function accountState(salt: Uint8Array, state: AccountState): Uint8Array {
  const bytes = new Uint8Array(STATE_BYTES)
  const view = new DataView(bytes.buffer)
  putTag(bytes, 0, 'TLM1')
  view.setUint32(4, state.asset, true)
  view.setBigUint64(8, state.entryCount, true)
  bytes.set(salt, 16)
  view.setBigUint64(32, state.newest, true)
  state.balances.forEach((balance, index) => {
    view.setBigUint64(40 + index * 16, BigInt.asUintN(64, balance), true)
    view.setBigUint64(48 + index * 16, balance >> 64n, true)
  })
  return bytes
}

/** The salt of an account's state, 16 bytes. @param frameSalt 32 bytes, of the frame that holds `through`. @param id 16 bytes, little-endian. */
export function accountSalt(frameSalt: Uint8Array, id: Uint8Array): Uint8Array {
  return hash('sha256', Buffer.concat([Buffer.from('TLS2'), frameSalt, id]), 'buffer').subarray(
    0,
    16,
  )
}

/** The 52 bytes of an account's leaf. @param state its preimage. */
export function accountLeaf(id: Uint8Array, state: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from('TLB1'), id, hash('sha256', state, 'buffer')])
}
