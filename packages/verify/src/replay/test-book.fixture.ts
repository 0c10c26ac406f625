/** A small ledger for tests, put together from decisions 0013, 0014 and 0025 alone: what happens to its accounts, as leaves and as openings, with lies where a test wants them. */
import { encodeAccountLeaf } from '../account-tree.ts'
import { concatBytes } from '../bytes.ts'
import {
  EUR,
  type Field,
  pack,
  packContent,
  packLeaf,
  type TestEvent,
  ZEROS,
} from '../event.fixture.ts'
import { accountIdOf } from '../ids.ts'
import { TestLog } from '../log.fixture.ts'
import { leafHash, treeRoot } from '../merkle.ts'
import { sha256 } from '../sha256.ts'
import { TILE_WIDTH, tilePath } from '../tiles.ts'

const MAX = (1n << 128n) - 1n
export const Flag = { hold: 2, capture: 4, void: 8, partial: 256, reversal: 512 } as const
/** All events of the book lie in one frame. */
const FRAME_SALT = new Uint8Array(32).fill(9)

export interface OpenedTestEvent extends TestEvent {
  readonly frameSalt?: Uint8Array
}

interface State {
  count: bigint
  newest: bigint
  /** Debits pending, debits posted, credits pending, credits posted. */
  balances: [bigint, bigint, bigint, bigint]
}

export interface PayOptions {
  readonly id?: bigint
  readonly flags?: number
  readonly timeout?: number
  /** id, sequence, captured, remaining after it */
  readonly pending?: readonly [bigint, bigint, bigint, bigint]
  /** What the hold gives back, where it is not the amount. */
  readonly taken?: bigint
  /** By the ledger itself, of a hold whose deadline has come. */
  readonly isRelease?: boolean
  /** Said of the credit side, and gone on from. */
  readonly lie?: { readonly creditsPosted?: bigint; readonly previous?: bigint }
}

export class TestBook {
  readonly events: OpenedTestEvent[] = []
  readonly accounts = new Map<string, State>()

  get next(): bigint {
    return BigInt(this.events.length + 1)
  }

  open(address: string, options: { flags?: number; limit?: bigint; parent?: string } = {}): void {
    const { flags = 0, limit = 0n, parent } = options
    const id = accountIdOf(address)
    const parentId = parent === undefined ? 0n : accountIdOf(parent)
    const fields = [
      [parentId, 16],
      [limit, 16],
      [MAX, 16],
      [0, 8],
      [address.length, 4],
      address,
    ] as const
    this.#other(3, { flags, id, account: id, fields, metadata: new Uint8Array(0) })
    this.accounts.set(address, { count: 0n, newest: 0n, balances: [0n, 0n, 0n, 0n] })
  }

  close(address: string): void {
    const id = accountIdOf(address)
    this.#other(6, { flags: 0, id, account: id, fields: [], metadata: undefined })
  }

  /** @returns the transfer's id. */
  pay(from: string, to: string, amount: bigint, options: PayOptions = {}): bigint {
    const sequence = this.next
    const { id = (0x77n << 64n) | sequence, flags = 0, timeout, pending, lie = {} } = options
    const sections: Field[] = []
    if (pending)
      sections.push([pending[0], 16], [pending[1], 8], [pending[2], 16], [pending[3], 16])
    if (timeout) sections.push([timeout, 4], [0, 4])
    const form = (pending ? 2 : 0) | (timeout ? 4 : 0)
    const content = packContent('TLC1', { form, flags, id, sections })
    const [pendingBy, postedBy] = changeOf(
      options.isRelease === true ? Flag.void : flags,
      amount,
      options.taken ?? amount,
    )
    const debit = this.#side(from, { amount, pendingBy, postedBy, which: 0 })
    const credit = this.#side(to, { amount, pendingBy, postedBy, which: 1, lie })
    this.#push({ kind: options.isRelease === true ? 2 : 1 }, { content, debit, credit })
    return id
  }

  /** Refused by a limit, with what it said. */
  refuse(from: string, to: string, said: { needed: bigint; available: bigint }): void {
    const [debitSalt, creditSalt] = saltsOf(this.next)
    const id = accountIdOf(from)
    const facts = pack(
      'TLF1',
      new Uint8Array(16),
      [id, 16],
      [said.needed, 16],
      [said.available, 16],
      [0, 16],
    )
    const content = packContent('TLR1', { form: 1 << 6, id: this.next, sections: [sha256(facts)] })
    const side = (salt: Uint8Array, account: bigint) =>
      pack('TLX1', [EUR, 4], [said.needed, 16], salt, [account, 16])
    const sides = { debit: side(debitSalt, id), credit: side(creditSalt, accountIdOf(to)) }
    this.#push({ kind: 1, status: 62 }, { content, ...sides, facts })
  }

  /** States the accounts as they are now. @param root another one, as a lie. */
  state(root = this.#root()): void {
    const through = this.next - 1n
    const at = this.events.length - 1
    const event = this.events[at] as OpenedTestEvent
    this.events[at] = { ...event, frameSalt: FRAME_SALT }
    const metadata = pack('TLA1', [through, 8], [this.accounts.size, 8], root)
    this.#other(32, { flags: 0, id: 0n, account: 0n, fields: [], metadata })
  }

  #root(): Uint8Array {
    const known = [...this.accounts].map(([address, state]) => ({
      id: accountIdOf(address),
      state,
    }))
    known.sort((a, b) => (a.id < b.id ? -1 : 1))
    const leaves = known.map(({ id, state: { count, newest, balances } }) => {
      const salt = sha256(pack('TLS2', FRAME_SALT, [id, 16])).subarray(0, 16)
      const numbers = balances.map((balance) => [balance, 16] as const)
      const state = pack('TLM1', [EUR, 4], [count, 8], salt, [newest, 8], ...numbers)
      return leafHash(encodeAccountLeaf(id, sha256(state)))
    })
    return treeRoot(leaves)
  }

  #side(
    address: string,
    move: {
      amount: bigint
      pendingBy: bigint
      postedBy: bigint
      which: 0 | 1
      lie?: NonNullable<PayOptions['lie']>
    },
  ): Uint8Array {
    const { amount, which, lie = {} } = move
    const state = this.accounts.get(address) ?? {
      count: 0n,
      newest: 0n,
      balances: [0n, 0n, 0n, 0n],
    }
    state.balances[2 * which] = (state.balances[2 * which] ?? 0n) + move.pendingBy
    state.balances[2 * which + 1] = (state.balances[2 * which + 1] ?? 0n) + move.postedBy
    state.balances[3] += lie.creditsPosted ?? 0n
    state.count++
    const previous = lie.previous ?? state.newest
    state.newest = this.next
    const salt = saltsOf(this.next)[which]
    const links = [state.count, previous, 0n].map((link) => [link, 8] as const)
    const balances = state.balances.map((balance) => [balance, 8] as const)
    return pack(
      'TLN1',
      [EUR, 4],
      [amount, 8],
      salt,
      [accountIdOf(address), 16],
      ...links,
      ...balances,
    )
  }

  #other(
    kind: number,
    about: {
      flags: number
      id: bigint
      account: bigint
      fields: readonly Field[]
      metadata: Uint8Array | undefined
    },
  ): void {
    const { flags, id, account, fields, metadata } = about
    const content = pack(
      'TLO1',
      saltsOf(this.next)[0],
      ...([
        [flags, 2],
        [7, 2],
        [EUR, 4],
        [id, 16],
        [account, 16],
      ] as const),
      ...fields,
      ...(metadata === undefined ? [] : [sha256(metadata)]),
    )
    this.#push({ kind }, { content, ...(metadata && { metadata }) })
  }

  #push(what: { kind: number; status?: number }, parts: Omit<OpenedTestEvent, 'leaf'>): void {
    this.events.push(withLeaf({ ...what, sequence: this.next }, parts))
  }
}

/** The leaf of these parts, as whoever has the log's key makes it. */
function withLeaf(
  what: { kind: number; status?: number; sequence: bigint },
  parts: Omit<OpenedTestEvent, 'leaf'>,
): OpenedTestEvent {
  const hashes = {
    content: sha256(parts.content),
    debit: parts.debit ? sha256(parts.debit) : ZEROS,
    credit: parts.credit ? sha256(parts.credit) : ZEROS,
  }
  const nobody = what.kind === 2 && { requestId: new Uint8Array(16), requestDigest: ZEROS }
  return { ...parts, leaf: packLeaf({ ...what, ...hashes, ...nobody }) }
}

/** Events as they stand, each with the sequence and time of its place. */
export function renumbered(events: readonly OpenedTestEvent[]): OpenedTestEvent[] {
  return events.map(({ leaf, ...parts }, at) => {
    const [kind = 0, status = 0] = leaf.subarray(4, 6)
    return withLeaf({ kind, status, sequence: BigInt(at + 1) }, parts)
  })
}

/** The files of a log of these events, with their openings. */
export function shownLog(events: readonly OpenedTestEvent[]): TestLog {
  const log = new TestLog(events.map(({ leaf }) => leaf))
  for (let from = 0; from < events.length; from += TILE_WIDTH) {
    const bundle = events.slice(from, from + TILE_WIDTH)
    const place = { index: BigInt(from / TILE_WIDTH), width: bundle.length }
    log.files.set(tilePath({ level: 'openings', ...place }), encodeOpenings(bundle))
  }
  return log
}

function encodeOpenings(events: readonly OpenedTestEvent[]): Uint8Array {
  const none = new Uint8Array(0)
  return concatBytes(
    pack('TLP1'),
    ...events.map(({ content, debit, credit, facts, metadata, frameSalt }) => {
      const parts = [content, debit, credit, facts, metadata, frameSalt].map((part) => part ?? none)
      return pack(...parts.map((part) => [part.length, 2] as const), ...parts)
    }),
  )
}

function saltsOf(sequence: bigint): [Uint8Array, Uint8Array] {
  const both = sha256(pack('TLS1', FRAME_SALT, [sequence, 8], [0, 4]))
  return [both.slice(0, 16), both.slice(16)]
}

function changeOf(flags: number, amount: bigint, taken: bigint): [bigint, bigint] {
  if ((flags & Flag.hold) !== 0) return [amount, 0n]
  if ((flags & Flag.capture) !== 0) return [-taken, amount]
  if ((flags & Flag.void) !== 0) return [-taken, 0n]
  return [0n, amount]
}
