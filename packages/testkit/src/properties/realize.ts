/** Wishes become commands: whatever they name exists as far as possible. */
import {
  AccountFlags,
  type ChangeLimit,
  type Command,
  type CreateAccount,
  NO_SUBTREE_LIMIT,
  Operation,
  U64_MAX,
} from '@tallystick/ledger'
import type { Batch } from '@tallystick/scenario'
import type { Issued } from './issued.ts'
import {
  againOf,
  balancingOf,
  closingHoldOf,
  holdOf,
  oddOf,
  postOf,
  reversalOf,
  transferOf,
  voidOf,
} from './realize-transfer.ts'
import type { BatchWish, TimeWish, Wish } from './wish.ts'

const SECOND = 1_000_000_000n
/** Room for every event of a history: no batch may begin where its timestamps would not fit. */
const TIME_MAX = U64_MAX - SECOND

export function realizeBatch(issued: Issued, wish: BatchWish, clock: bigint): Batch {
  issued.beginBatch()
  const commands = wish.wishes.map((each, index) =>
    realize(issued, mayLink(each, index === wish.wishes.length - 1)),
  )
  const proposed = timeOf(issued, wish.time, clock)
  return { commands, proposed: proposed > TIME_MAX ? TIME_MAX : proposed, dryRun: wish.dryRun }
}

/** Open chains are worth little: most batches end with a command that closes them. */
const mayLink = (wish: Wish, isLast: boolean): Wish =>
  isLast && wish.variant % 8 !== 0 ? { ...wish, linked: false } : wish

function timeOf(issued: Issued, { kind, number }: TimeWish, clock: bigint): bigint {
  const next = issued.machine.nextDeadline()
  switch (kind) {
    case 'nanoseconds':
      return clock + BigInt(number)
    case 'seconds':
      return clock + BigInt(number) * SECOND
    case 'deadline':
      return next === undefined || next < 4n ? clock : next - BigInt(number % 5)
    case 'back':
      return clock / 2n
    case 'end':
      return U64_MAX - BigInt(number + 1) * SECOND
  }
}

function realize(issued: Issued, wish: Wish): Command {
  const command = commandOf(issued, wish)
  const linked = wish.linked && wish.kind !== 'again' ? AccountFlags.linked : AccountFlags.none
  const asked = { ...command, flags: command.flags | linked }
  if (asked.operation === Operation.createTransfer) issued.transfers.push(asked)
  return asked
}

function commandOf(issued: Issued, wish: Wish): Command {
  switch (wish.kind) {
    case 'transfer':
      return transferOf(issued, wish)
    case 'hold':
      return holdOf(issued, wish)
    case 'closingHold':
      return closingHoldOf(issued, wish)
    case 'balance':
      return balancingOf(issued, wish)
    case 'post':
      return postOf(issued, wish)
    case 'void':
      return voidOf(issued, wish)
    case 'reverse':
      return reversalOf(issued, wish)
    case 'again':
      return againOf(issued, wish)
    case 'odd':
      return oddOf(issued, wish)
    case 'account':
      return wish.variant % 4 === 3 ? accountAgainOf(issued, wish) : accountOf(issued, bitsOf(wish))
    default:
      return settingOf(issued, wish)
  }
}

function settingOf(issued: Issued, wish: Wish): Command {
  const id = issued.account(wish.one)
  const flags = wish.variant === 99 ? 2 : 0
  switch (wish.kind) {
    case 'closure':
      return wish.variant % 2 === 0
        ? { operation: Operation.closeAccount, id, flags }
        : { operation: Operation.reopenAccount, id, flags }
    case 'metadata':
      return { operation: Operation.changeMetadata, id, flags, metadata: bytes(wish.which) }
    case 'asset':
      if (wish.variant % 3 === 2) {
        return { operation: Operation.attest, flags, statement: bytes(wish.which) }
      }
      return assetOf(wish, flags)
    case 'books':
      return booksOf(issued, wish, flags)
    default:
      return limitOf(issued, wish, flags)
  }
}

const bytes = (number: number): Uint8Array => new Uint8Array(number % 5).fill(97 + (number % 26))

const assetOf = (wish: Wish, flags: number): Command => ({
  operation: Operation.registerAsset,
  asset: wish.one % 4,
  flags,
  name: `S${wish.other % 3}/2`,
})

function booksOf(issued: Issued, wish: Wish, flags: number): Command {
  const now = issued.machine.lastTimestamp()
  const untils = [0n, 0n, 3n, now / 2n, now - 1n, now + 3n]
  const until = untils[wish.variant % untils.length] ?? 0n
  return {
    operation: Operation.closeBooks,
    id: wish.which % 3 === 0 ? 0n : issued.account(wish.one),
    asset: wish.other % 3,
    flags,
    until: until < 0n ? 0n : until,
  }
}

function limitOf(issued: Issued, wish: Wish, flags: number): ChangeLimit {
  const limit = BigInt(wish.amount.number) * issued.scale
  const subtreeLimit = wish.variant % 5 === 4 ? NO_SUBTREE_LIMIT : BigInt(wish.which) * issued.scale
  return {
    operation: Operation.changeLimit,
    id: issued.account(wish.one),
    flags,
    limit: wish.other % 3 === 0 ? undefined : limit,
    subtreeLimit: wish.other % 3 === 1 ? undefined : subtreeLimit,
  }
}

const bitsOf = (wish: Wish): number => wish.one + 100 * wish.other + (wish.which << 8)

const FLAGS = [
  AccountFlags.none,
  AccountFlags.debitsMustNotExceedCredits,
  AccountFlags.creditsMustNotExceedDebits,
  AccountFlags.debitsMustNotExceedCredits,
]

/** A new account whose flags, parent and limits are taken from bits. */
function accountOf(issued: Issued, bits: number): CreateAccount {
  const field = (shift: number, range: number): number => (bits >> shift) % range
  const flags = FLAGS[field(0, FLAGS.length)] ?? AccountFlags.none
  // Parents are recent accounts, so that trees grow deep.
  const back = field(2, 4) + 1
  const parent = issued.accounts[issued.accounts.length - back] ?? 0n
  const hasParent = field(4, 4) !== 0
  const asset = hasParent
    ? (issued.machine.account(parent)?.asset ?? 1)
    : field(6, 16) === 0
      ? 2
      : 1
  const bounded = flags !== AccountFlags.none && field(10, 3) === 0
  return {
    operation: Operation.createAccount,
    id: issued.newAccount(),
    address: field(5, 2) === 0 ? '' : `a:${bits}`,
    asset,
    code: 1,
    flags: flags | (field(0, 61) === 60 ? AccountFlags.closed : 0),
    parent: hasParent ? parent : 0n,
    limit: BigInt(field(8, 4) * 5) * issued.scale,
    subtreeLimit: bounded ? BigInt(field(11, 32)) * issued.scale : NO_SUBTREE_LIMIT,
    metadata: bytes(field(3, 7)),
  }
}

/** An account that is there already, as it is or with one thing changed. */
function accountAgainOf(issued: Issued, wish: Wish): CreateAccount {
  const view = issued.view(wish.one)
  if (view === undefined) return accountOf(issued, bitsOf(wish))
  const { id, address, asset, code, flags, parent, limit, subtreeLimit, metadata } = view
  const same = { id, address, asset, code, flags, parent, limit, subtreeLimit, metadata }
  const changes: readonly Partial<CreateAccount>[] = [
    {},
    { flags: flags ^ (1 << (wish.which % 5)) },
    { address: `${address}x` },
    { parent: issued.account(wish.other) },
    { asset: asset + 1 },
    { code: 2 },
    { limit: limit ^ 1n },
    { id: 12_345_678n, parent: issued.account(wish.other), code: wish.which % 2 },
  ]
  const change = changes[wish.other % changes.length]
  return { operation: Operation.createAccount, ...same, ...change }
}

/** The accounts that a history begins with: one without limits that pays everybody, then those of the bits. */
export function openingOf(issued: Issued, bits: readonly number[]): Batch {
  const world = { ...accountOf(issued, 0), flags: AccountFlags.none, asset: 1 }
  const accounts = bits.map((each) => accountOf(issued, each))
  return { commands: [world, ...accounts], proposed: 1n }
}
