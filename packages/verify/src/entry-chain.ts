/** Whether a list of entries is a piece of one account's chain: numbers without a gap, links, and balances that follow from the amounts. */
import type { AccountState, Balances } from './account-tree.ts'
import { EventKind } from './leaf.ts'
import { entryName, type OpenedEntry } from './opened-entry.ts'
import { type Checklist, grouped } from './report.ts'

/** What was done, as far as it is shown; `moved`: the content is closed, and more than one would fit. */
export type EntryKind = 'transfer' | 'reversal' | 'hold' | 'capture' | 'void' | 'release' | 'moved'

const FLAGS: readonly (readonly [bit: number, kind: EntryKind])[] = [
  [1 << 1, 'hold'],
  [1 << 2, 'capture'],
  [1 << 3, 'void'],
  [1 << 9, 'reversal'],
]
/** With a capture: what is not captured stays held. */
const PARTIAL = 1 << 8

export function kindOf({ leaf, content }: Pick<OpenedEntry, 'leaf' | 'content'>): EntryKind {
  if (leaf.kind === EventKind.release) return 'release'
  if (content === undefined) return 'moved'
  return FLAGS.find(([bit]) => (content.flags & bit) !== 0)?.[1] ?? 'transfer'
}

/** Before an account's first entry, and where a list begins. */
export const NOTHING: AccountState = {
  ...{ asset: 0, count: 0n, newest: 0n },
  ...{ debitsPending: 0n, debitsPosted: 0n, creditsPending: 0n, creditsPosted: 0n },
}

/** What is known of a hold from the entries before. */
interface Hold {
  readonly captured: bigint
  readonly remaining: bigint
}

/** An entry that is not sound breaks the chain: the next one is compared with nothing, so that the fault is told once. */
export class EntryChain {
  readonly #list: Checklist
  readonly #asset: number | undefined
  #last: AccountState | undefined
  /** By the hold's id. */
  readonly #holds = new Map<bigint, Hold>()

  /** @param start the state before the first entry. @param asset number of it; undefined: not known */
  constructor(list: Checklist, start: AccountState | undefined, asset: number | undefined) {
    this.#list = list
    this.#last = start
    this.#asset = asset
  }

  /** After the newest entry; undefined: it is not sound. */
  get last(): AccountState | undefined {
    return this.#last
  }

  add(opened: OpenedEntry | undefined): void {
    const before = this.#last
    if (opened?.isSound !== true) {
      this.#last = undefined
      return
    }
    const { entry, leaf, asset } = opened
    if (this.#asset !== undefined && asset !== this.#asset) {
      this.#fail(opened, 'side', `it is of the asset ${asset}, the account of ${this.#asset}.`)
    }
    if (before !== undefined) {
      this.#checkLinks(opened, before)
      this.#checkBalances(opened, before)
    }
    const { debitsPending, debitsPosted, creditsPending, creditsPosted } = entry
    const balances = { debitsPending, debitsPosted, creditsPending, creditsPosted }
    this.#last = { asset, count: entry.number, newest: leaf.sequence, ...balances }
  }

  #checkLinks(opened: OpenedEntry, before: AccountState): void {
    const { number, previous } = opened.entry
    if (number !== before.count + 1n) {
      const missing =
        number > before.count + 1n
          ? `${grouped(number - before.count - 1n)} missing before it`
          : 'the order was changed, or it stands here twice'
      this.#fail(
        opened,
        'numbers',
        `its number is ${grouped(number)}, but ${grouped(before.count + 1n)} comes next: ${missing}.`,
      )
    }
    if (previous === before.newest) return
    const expected = before.newest === 0n ? 'none' : `event ${grouped(before.newest)}`
    this.#fail(
      opened,
      'links',
      `it follows event ${grouped(previous)} of this account, but the one before it is ${expected}.`,
    )
  }

  #checkBalances(opened: OpenedEntry, before: Balances): void {
    const { direction, amount, entry } = opened
    const own = direction === 'debit' ? DEBITS : CREDITS
    const not = direction === 'debit' ? CREDITS : DEBITS
    const still = [not.pending, not.posted].every((name) => entry[name] === before[name])
    const posted = entry[own.posted] - before[own.posted]
    const pending = entry[own.pending] - before[own.pending]
    const kind = kindOf(opened)
    const fits = KINDS[kind].some((possible) => follows(possible, { amount, posted, pending }))
    const hold = this.#checkHold(opened, { kind, pending })
    if (still && fits && hold) return
    const word = kind === 'moved' ? 'transfer' : kind
    this.#fail(
      opened,
      'balances',
      `the balances after it do not follow from those before it and a ${word} of ${grouped(amount)}.`,
    )
  }

  /** What a hold has left is said by each event that takes from it. */
  #checkHold(
    { amount, content }: OpenedEntry,
    { kind, pending }: { kind: EntryKind; pending: bigint },
  ): boolean {
    if (content === undefined) return true
    if (kind === 'hold') this.#holds.set(content.id, { captured: 0n, remaining: amount })
    if (!['capture', 'void', 'release'].includes(kind)) return true
    if (content.pending === undefined) return false
    const { id, captured, remaining } = content.pending
    const before = this.#holds.get(id)
    this.#holds.set(id, { captured, remaining })
    const isPartial = kind === 'capture' && (content.flags & PARTIAL) !== 0
    if (isPartial ? -pending !== amount : remaining !== 0n) return false
    if (before === undefined) return true
    const taken = kind === 'capture' ? amount : 0n
    return captured === before.captured + taken && remaining === before.remaining + pending
  }

  #fail({ place }: OpenedEntry, name: string, sentence: string): void {
    const field = 'preimage'
    this.#list.fail(name, `${entryName(place)}: ${sentence}`, { entry: place, field })
  }
}

const DEBITS = { pending: 'debitsPending', posted: 'debitsPosted' } as const
const CREDITS = { pending: 'creditsPending', posted: 'creditsPosted' } as const

/** Which changes of the balances each kind may make. */
const KINDS: Readonly<Record<EntryKind, readonly EntryKind[]>> = {
  transfer: ['transfer'],
  reversal: ['transfer'],
  hold: ['hold'],
  capture: ['capture'],
  void: ['void'],
  release: ['void'],
  moved: ['transfer', 'hold', 'capture', 'void'],
}

interface Change {
  readonly amount: bigint
  readonly posted: bigint
  readonly pending: bigint
}

function follows(kind: EntryKind, { amount, posted, pending }: Change): boolean {
  switch (kind) {
    case 'transfer':
      return posted === amount && pending === 0n
    case 'hold':
      return posted === 0n && pending === amount
    case 'capture':
      // What is not captured may be given back at once.
      return posted === amount && -pending >= amount
    default:
      return posted === 0n && -pending === amount
  }
}
