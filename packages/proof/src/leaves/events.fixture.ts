/** Random decided events of all kinds as plain values. What they are in a book and in a leaf is said by the other two fixtures. */

/** The test kit's `Prng`. */
export interface Random {
  u32(): number
  u64(): bigint
  u128(): bigint
  below(bound: number): number
  once(times: number): boolean
  pick<Item>(items: readonly Item[]): Item
}

interface Common {
  readonly kind: number
  readonly status: number
  readonly flags: number
  readonly code: number
  readonly asset: number
  readonly id: bigint
}

export interface SideValues {
  readonly slot: number
  readonly number: bigint
  readonly previous: bigint
  readonly jump: bigint
  /** Debits pending, debits posted, credits pending, credits posted; u128. */
  readonly balances: readonly bigint[]
}

export interface Moved extends Common {
  readonly sort: 'moved'
  readonly amount: bigint
  readonly debit: SideValues
  readonly credit: SideValues
  readonly pending?: {
    readonly id: bigint
    readonly sequence: bigint
    readonly captured: bigint
    readonly remaining: bigint
  }
  readonly timeout?: number
  readonly effective?: bigint
  readonly requested?: bigint
  readonly lateDebit?: bigint
  readonly lateCredit?: bigint
  readonly metadata: Uint8Array
  /** Bits 8 … 12 of the form. */
  readonly inherited: number
}

export interface Refused extends Common {
  readonly sort: 'refused'
  readonly debitId: bigint
  readonly creditId: bigint
  readonly amount: bigint
  readonly pendingId?: bigint
  readonly timeout?: number
  readonly effective?: bigint
  readonly seen?: bigint
  readonly limit?: {
    readonly account: bigint
    readonly needed: bigint
    readonly available: bigint
    readonly limit: bigint
  }
  readonly metadata: Uint8Array
}

/** Slot −1: it is about no account. */
export type Other = Common & { readonly slot: number } & (
    | {
        readonly sort: 'account'
        readonly parent: bigint
        readonly limit: bigint
        readonly subtreeLimit: bigint
        readonly seen: bigint
        readonly address: string
        readonly metadata: Uint8Array
      }
    | {
        readonly sort: 'limit'
        readonly given: number
        /** Limit, subtree limit, limit before, subtree limit before. */
        readonly limits: readonly bigint[]
      }
    | { readonly sort: 'metadata'; readonly metadata: Uint8Array }
    | { readonly sort: 'closure' }
    | { readonly sort: 'asset'; readonly metadata: Uint8Array }
    | { readonly sort: 'books'; readonly until: bigint; readonly before: bigint }
    | { readonly sort: 'control'; readonly metadata: Uint8Array }
  )

export type Event = Moved | Refused | Other

export interface RequestValues {
  readonly first: number
  readonly count: number
  readonly id: Uint8Array
  readonly digest: Uint8Array
}

export interface Book {
  readonly salt: Uint8Array
  readonly rulesVersion: number
  readonly shard: number
  readonly firstSequence: number
  readonly firstTimestamp: bigint
  readonly events: readonly Event[]
  readonly requests: readonly RequestValues[]
  /** Id of each slot. */
  readonly accounts: readonly bigint[]
}

const ACCOUNTS = 20

function randomBytes(prng: Random, length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, () => prng.below(256))
}

/** @param makeEvent by default events of all kinds. */
export function randomBook(
  prng: Random,
  count: number,
  makeEvent: (prng: Random) => Event = randomEvent,
): Book {
  const requests: RequestValues[] = []
  for (let at = prng.below(3); at < count;) {
    const size = Math.min(count - at, prng.below(40))
    const [id, digest] = [randomBytes(prng, 16), randomBytes(prng, 32)]
    requests.push({ first: at, count: size, id, digest })
    at += size + (prng.once(3) ? prng.below(4) : 0)
  }
  return {
    salt: randomBytes(prng, 32),
    rulesVersion: prng.below(65_536),
    shard: prng.u32(),
    firstSequence: prng.pick([1, 0xffff_fff0, 2 ** 40 + prng.u32()]),
    // Also where the lower 32 bits overflow within the frame.
    firstTimestamp: prng.pick([prng.u64() >> 1n, (prng.u64() >> 1n) | 0xffff_fff0n]),
    events: Array.from({ length: count }, () => makeEvent(prng)),
    requests,
    accounts: Array.from({ length: ACCOUNTS }, () => prng.u128()),
  }
}

function randomEvent(prng: Random): Event {
  const makers = [randomMoved, randomMoved, randomRefused, randomAccount, randomChange]
  return prng.pick(makers)(prng)
}

function common(prng: Random, kind: number, status: number): Common {
  const [flags, code] = [prng.below(65_536), prng.below(65_536)]
  return { kind, status, flags, code, asset: prng.u32(), id: prng.u128() }
}

const status = (prng: Random): number => prng.pick([0, 1 + prng.below(255)])

function metadataOf(prng: Random): Uint8Array {
  return randomBytes(prng, prng.pick([0, 1, 8, 1 + prng.below(200), 4_096]))
}

export function randomMoved(prng: Random, isPlain = prng.once(2)): Moved {
  const isRelease = prng.once(4)
  const isWide = !isPlain && prng.once(2)
  const u128 = (): bigint => (isWide && prng.once(2) ? prng.u128() : prng.u64())
  const side = (): SideValues => ({
    slot: prng.below(ACCOUNTS),
    ...{ number: prng.u64(), previous: prng.u64() >> 11n, jump: prng.u64() >> 11n },
    balances: [u128(), u128(), u128(), u128()],
  })
  const has = (): boolean => !isPlain && prng.once(2)
  const of = (): bigint => prng.u128()
  return {
    sort: 'moved',
    ...common(prng, isRelease ? 2 : 1, isRelease ? prng.below(3) : 0),
    ...{ amount: u128(), debit: side(), credit: side() },
    ...(has() && {
      pending: { id: of(), sequence: prng.u64() >> 11n, captured: of(), remaining: of() },
    }),
    ...(has() && { timeout: prng.u32() }),
    ...(has() && { effective: prng.u64() }),
    ...(has() && { requested: of() }),
    ...(has() && { lateDebit: prng.u64() }),
    ...(has() && { lateCredit: prng.u64() }),
    metadata: has() ? metadataOf(prng) : new Uint8Array(),
    inherited: has() ? prng.below(32) << 8 : 0,
  }
}

/** A transfer as almost all are. */
export const randomPlain = (prng: Random): Moved => randomMoved(prng, true)

function randomRefused(prng: Random): Refused {
  const has = (): boolean => prng.once(2)
  const of = (): bigint => prng.u128()
  return {
    sort: 'refused',
    ...common(prng, 1, 1 + prng.below(255)),
    ...{ debitId: of(), creditId: of(), amount: of() },
    ...(has() && { pendingId: of() }),
    ...(has() && { timeout: prng.u32() }),
    ...(has() && { effective: prng.u64() }),
    ...(has() && { seen: prng.u64() >> 11n }),
    ...(has() && { limit: { account: of(), needed: of(), available: of(), limit: of() } }),
    metadata: has() ? metadataOf(prng) : new Uint8Array(),
  }
}

const slotOf = (prng: Random): number => prng.pick([-1, prng.below(ACCOUNTS)])

function randomAccount(prng: Random): Other {
  const of = (): bigint => prng.u128()
  return {
    sort: 'account',
    ...{ ...common(prng, 3, status(prng)), slot: slotOf(prng) },
    ...{ parent: of(), limit: of(), subtreeLimit: of(), seen: prng.u64() >> 11n },
    address: 'users:42:wallet/'.repeat(16).slice(0, prng.pick([0, 1, 8, 15, 255])),
    metadata: metadataOf(prng),
  }
}

function randomChange(prng: Random): Other {
  const kind = prng.pick([4, 5, 6, 7, 8, 9, 32, 63])
  const head = { ...common(prng, kind, status(prng)), slot: slotOf(prng) }
  const of = (): bigint => prng.u128()
  switch (kind) {
    case 4:
      return { sort: 'limit', ...head, given: prng.below(4), limits: [of(), of(), of(), of()] }
    case 5:
      return { sort: 'metadata', ...head, metadata: metadataOf(prng) }
    case 6:
    case 7:
      return { sort: 'closure', ...head }
    case 8:
      return { sort: 'asset', ...head, slot: -1, metadata: metadataOf(prng) }
    case 9:
      return { sort: 'books', ...head, until: prng.u64(), before: prng.u64() }
    default:
      return { sort: 'control', ...head, slot: -1, metadata: metadataOf(prng) }
  }
}
