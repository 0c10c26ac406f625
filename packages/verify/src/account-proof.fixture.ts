/** A small book with a tree over all accounts, and documents on one account, put together for tests from decision 0014 alone. */
import { toBase64 } from './bytes.ts'
import {
  EUR,
  type Field,
  pack,
  packContent,
  packLeaf,
  packSide,
  START,
  ZEROS,
} from './event.fixture.ts'
import { accountIdOf } from './ids.ts'
import { TestLog, type TestSigner } from './log.fixture.ts'
import { NaiveTree } from './merkle.fixture.ts'
import { leafHash } from './merkle.ts'
import { sha256 } from './sha256.ts'
import { formatTime } from './time-text.ts'

interface Account {
  readonly address: string
  readonly id: bigint
  count: bigint
  newest: bigint
  /** debits pending, debits posted, credits pending, credits posted */
  balances: [bigint, bigint, bigint, bigint]
}

interface Hold {
  readonly id: bigint
  readonly sequence: bigint
  readonly debit: string
  readonly credit: string
  captured: bigint
  remaining: bigint
}

interface Event {
  readonly leaf: Uint8Array
  readonly content: Uint8Array
  readonly metadata?: Uint8Array
  readonly sides?: Readonly<Record<'debit' | 'credit', { address: string; preimage: Uint8Array }>>
  readonly accounts?: AccountsTree
}

/** The tree over all accounts, as of one event. */
interface AccountsTree {
  readonly statement: Uint8Array
  readonly tree: NaiveTree
  /** In order of id. */
  readonly leaves: readonly { id: bigint; leaf: Uint8Array; state: Uint8Array }[]
}

const DAY = 86_400_000_000_000n
const FLAGS = { transfer: 0, hold: 2, capture: 4, void: 8, release: 2, reversal: 512 } as const

export interface Movement {
  readonly kind?: keyof typeof FLAGS
  readonly debit?: string
  readonly credit?: string
  readonly amount?: bigint
  readonly hold?: Hold
  readonly isPartial?: boolean
  readonly metadata?: string
}

export class TestBook {
  readonly events: Event[] = []
  readonly accounts = new Map<string, Account>()
  day = 0n

  get sequence(): bigint {
    return BigInt(this.events.length)
  }

  open(...addresses: readonly string[]): void {
    for (const address of addresses) {
      const account = { address, id: accountIdOf(address), count: 0n, newest: 0n }
      this.accounts.set(address, { ...account, balances: [0n, 0n, 0n, 0n] })
    }
  }

  /** @returns the hold, where it is one. */
  move(movement: Movement): Hold {
    const { kind = 'transfer', hold, isPartial = false } = movement
    const { debit = hold?.debit ?? '', credit = hold?.credit ?? '' } = movement
    const amount = movement.amount ?? hold?.remaining ?? 0n
    const sequence = this.sequence + 1n
    const id = (0x019an << 112n) | sequence
    const released = isPartial ? amount : (hold?.remaining ?? 0n)
    if (hold !== undefined) {
      hold.captured += kind === 'capture' ? amount : 0n
      hold.remaining -= released
    }
    const posted = ['transfer', 'capture', 'reversal'].includes(kind) ? amount : 0n
    const pending = kind === 'hold' ? amount : -released
    const change = { amount, posted, pending, sequence }
    const sides = {
      debit: { address: debit, preimage: this.#side(debit, 0, change) },
      credit: { address: credit, preimage: this.#side(credit, 2, change) },
    }
    const bytes = movement.metadata === undefined ? undefined : encode(movement.metadata)
    const content = contentOf({ kind, isPartial, bytes, hold, id })
    const leaf = packLeaf({
      ...{ kind: kind === 'release' ? 2 : 1, sequence, timestamp: this.#now(sequence) },
      ...(kind === 'release' && { requestId: new Uint8Array(16), requestDigest: ZEROS }),
      content: sha256(content),
      debit: sha256(sides.debit.preimage),
      credit: sha256(sides.credit.preimage),
    })
    this.events.push({ leaf, content, sides, ...(bytes && { metadata: bytes }) })
    return { id, sequence, debit, credit, captured: 0n, remaining: amount }
  }

  /** @param accounts as they are now, or were. @returns the statement's place among the events. */
  state(accounts: AccountsTree = this.tree()): number {
    const fields: Field[] = ['TLO1', new Uint8Array(16).fill(9), [0, 2], [0, 2], [0, 4], [0, 16]]
    const content = pack(...fields, [0, 16], sha256(accounts.statement))
    const sequence = this.sequence + 1n
    const leaf = packLeaf({
      ...{ kind: 32, sequence, timestamp: this.#now(sequence), content: sha256(content) },
      ...{ debit: ZEROS, credit: ZEROS },
    })
    this.events.push({ leaf, content, accounts })
    return this.events.length - 1
  }

  #now(sequence: bigint): bigint {
    return START + this.day * DAY + sequence * 60_000_000_000n
  }

  /** The accounts as they are now. */
  tree(): AccountsTree {
    const leaves = [...this.accounts.values()]
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ id, count, newest, balances }) => {
        const four = balances.map((balance) => [balance, 16] as const)
        const salt = new Uint8Array(16).fill(Number(id & 255n))
        const state = pack('TLM1', [EUR, 4], [count, 8], salt, [newest, 8], ...four)
        return { id, state, leaf: pack('TLB1', [id, 16], sha256(state)) }
      })
    const tree = new NaiveTree(leaves.map(({ leaf }) => leafHash(leaf)))
    const root = leaves.length === 0 ? sha256() : tree.root(0, leaves.length)
    const statement = pack('TLA1', [this.sequence, 8], [leaves.length, 8], root)
    return { statement, tree, leaves }
  }

  #side(
    address: string,
    first: 0 | 2,
    change: { amount: bigint; posted: bigint; pending: bigint; sequence: bigint },
  ): Uint8Array {
    const account = this.accounts.get(address)
    if (account === undefined) throw new Error(`${address} is not open`)
    const previous = account.newest
    account.count++
    account.newest = change.sequence
    account.balances[first] += change.pending
    account.balances[first === 0 ? 1 : 3] += change.posted
    const { id, count, balances } = account
    const wide = [change.amount, ...balances].some((number) => number >> 64n !== 0n)
    const links = [count, previous, 0n] as const
    const side = { amount: change.amount, account: id, salt: first + 1, links, balances }
    return packSide(side, wide)
  }
}

function contentOf(of: {
  kind: keyof typeof FLAGS
  isPartial: boolean
  bytes: Uint8Array | undefined
  hold: Hold | undefined
  id: bigint
}): Uint8Array {
  const { kind, isPartial, bytes, hold, id } = of
  const { id: holdId = 0n, sequence = 0n, captured = 0n, remaining = 0n } = hold ?? {}
  const pending = [
    [holdId, 16],
    [sequence, 8],
    [captured, 16],
    [remaining, 16],
  ] as const
  return packContent('TLC1', {
    form: (hold === undefined ? 0 : 1 << 1) | (bytes === undefined ? 0 : 1 << 7),
    flags: FLAGS[kind] | (isPartial ? 256 : 0),
    metadataLength: bytes?.length ?? 0,
    id: kind === 'release' ? holdId : id,
    sections: [
      ...(hold === undefined ? [] : pending),
      ...(bytes === undefined ? [] : [sha256(bytes)]),
    ],
  })
}

export interface Asked {
  readonly account: string
  readonly signers: readonly TestSigner[]
  /** Places of statements among the events. */
  readonly opening?: number
  readonly closing: number
  /** ns since 1970. */
  readonly from?: bigint
  readonly to?: bigint
  /** Without content, metadata and the other side. */
  readonly isClosed?: boolean
}

/** Any JSON: tests change it as they like. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }
export type Document = { [name: string]: Json } & { entries: Json[]; hashes: string[] }

/** The document that a server would hand out. */
export function documentOf(book: TestBook, asked: Asked): Document {
  const log = new TestLog(book.events.map(({ leaf }) => leaf))
  const hashes: string[] = []
  const placesOf = (proof: readonly Uint8Array[]): number[] =>
    proof.map((bytes) => {
      const hash = toBase64(bytes)
      if (!hashes.includes(hash)) hashes.push(hash)
      return hashes.indexOf(hash)
    })
  const inLog = (index: number) => ({
    leaf: toBase64(log.leaves[index] as Uint8Array),
    index: `${index}`,
    proof: placesOf(log.tree.inclusion(index, log.size)),
  })
  const root = (index: number): Json => {
    const { content, accounts } = book.events[index] as Event
    if (accounts === undefined) throw new Error(`event ${index + 1} is no statement`)
    const statement = toBase64(accounts.statement)
    const part = { ...inLog(index), content: toBase64(content), statement }
    return { ...part, ...accountIn(accounts, accountIdOf(asked.account), placesOf) }
  }
  const nextOf = (closing: number): { next?: Json } => {
    const through = Number(throughOf(book, closing))
    return through === closing ? {} : { next: inLog(through) }
  }
  const after = asked.opening === undefined ? 0n : throughOf(book, asked.opening)
  const entries = book.events.flatMap((event, index) => {
    const sequence = BigInt(index + 1)
    const isShown = sequence > after && sequence <= throughOf(book, asked.closing)
    const entry = isShown ? entryOf(event, asked) : undefined
    return entry === undefined ? [] : [{ ...inLog(index), ...entry }]
  })
  const closing = root(asked.closing) as { [name: string]: Json }
  const asset = 'absent' in closing ? null : 'EUR/2'
  return {
    ...{ format: 'tallystick/account-proof/v1', account: asked.account, asset },
    from: asked.from === undefined ? null : formatTime(asked.from),
    to: asked.to === undefined ? null : formatTime(asked.to),
    checkpoint: log.note(asked.signers),
    hashes,
    opening: asked.opening === undefined ? null : root(asked.opening),
    entries,
    closing: { ...closing, ...nextOf(asked.closing) },
  }
}

function throughOf(book: TestBook, index: number): bigint {
  const statement = book.events[index]?.accounts?.statement ?? new Uint8Array(12)
  return new DataView(statement.buffer).getBigUint64(4, true)
}

function accountIn(
  { tree, leaves }: AccountsTree,
  id: bigint,
  placesOf: (proof: readonly Uint8Array[]) => number[],
): { [name: string]: Json } {
  const placed = (index: number) => ({
    index: `${index}`,
    proof: placesOf(tree.inclusion(index, leaves.length)),
  })
  const found = leaves.findIndex((leaf) => leaf.id === id)
  const account = leaves[found]
  if (account !== undefined)
    return { account: { ...placed(found), state: toBase64(account.state) } }
  const next = leaves.filter((leaf) => leaf.id < id).length
  const around = [next - 1, next].filter((index) => leaves[index] !== undefined)
  return {
    absent: around.map((index) => ({
      ...placed(index),
      leaf: toBase64((leaves[index] as { leaf: Uint8Array }).leaf),
    })),
  }
}

function entryOf(
  { content, metadata, sides }: Event,
  { account, isClosed = false }: Asked,
): { [name: string]: Json } | undefined {
  const side = (['debit', 'credit'] as const).find((which) => sides?.[which].address === account)
  if (side === undefined || sides === undefined) return undefined
  const own = { side, preimage: toBase64(sides[side].preimage) }
  if (isClosed) return own
  const { preimage, address } = sides[side === 'debit' ? 'credit' : 'debit']
  return {
    ...own,
    content: toBase64(content),
    ...(metadata && { metadata: toBase64(metadata) }),
    other: { preimage: toBase64(preimage), address },
  }
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

const RENT = '{"note":"Rent, December"}'

/** A month of a wallet: pay, rent, holds that are captured, voided and released, a refund. */
export class TestMonth {
  readonly wallet = 'users:1042:wallet'
  readonly book = new TestBook()
  readonly opening: number
  readonly from: bigint
  readonly closing: number

  constructor() {
    const { book, wallet } = this
    book.open(wallet, 'bank:payouts', 'shops:7', 'landlords:3', 'shops:91')
    book.move({ debit: 'bank:payouts', credit: wallet, amount: 150_000n })
    book.move({ debit: wallet, credit: 'shops:7', amount: 4_550n })
    this.opening = book.state()
    book.day = 5n
    this.from = START + 5n * DAY
    book.move({
      debit: 'bank:payouts',
      credit: wallet,
      amount: 312_500n,
      metadata: '{"note":"Salary"}',
    })
    book.move({ debit: wallet, credit: 'landlords:3', amount: 118_000n, metadata: RENT })
    book.day = 8n
    const hold = book.move({ kind: 'hold', debit: wallet, credit: 'shops:91', amount: 20_000n })
    book.move({ debit: 'bank:payouts', credit: 'shops:7', amount: 77n })
    book.day = 9n
    book.move({ kind: 'capture', hold, amount: 12_345n, isPartial: true })
    book.move({ kind: 'capture', hold, amount: 5_000n })
    book.day = 14n
    const car = book.move({ kind: 'hold', debit: wallet, credit: 'shops:7', amount: 9_900n })
    book.move({ kind: 'void', hold: car })
    const late = book.move({ kind: 'hold', debit: wallet, credit: 'shops:7', amount: 800n })
    book.day = 21n
    book.move({ kind: 'release', hold: late })
    book.move({ kind: 'reversal', debit: 'shops:91', credit: wallet, amount: 2_345n })
    book.move({ debit: wallet, credit: 'shops:7', amount: 6_499n })
    const accounts = book.tree()
    book.move({ debit: 'bank:payouts', credit: 'shops:7', amount: 5n })
    this.closing = book.state(accounts)
    book.move({ debit: wallet, credit: 'shops:7', amount: 1n })
  }

  document(signers: readonly TestSigner[], asked: Partial<Asked> = {}): Document {
    const { book, wallet: account, opening, closing, from } = this
    return documentOf(book, { account, signers, opening, closing, from, ...asked })
  }
}
