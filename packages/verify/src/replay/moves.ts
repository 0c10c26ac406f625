/** Replays what moved: both sides' entries, links and balances, held against those of the events before. */
import type { AccountState } from '../account-tree.ts'
import type { MovedContent } from '../content.ts'
import { type EntryKind, kindOf } from '../entry-chain.ts'
import { formatId } from '../ids.ts'
import { grouped } from '../report.ts'
import type { Entry, Side } from '../side.ts'
import { AccountFlag, BALANCES } from './account-table.ts'
import type { Finding } from './findings.ts'
import { type Change, openHold, takeFromHold } from './holds.ts'
import { IDS_MAX, type LedgerState } from './ledger-state.ts'
import { limitProblems } from './limits.ts'
import type { ReplayEvent } from './opened-event.ts'

type Fail = (finding: Finding, sentence: string) => void
const QUIET: Fail = () => {}

/** A reversal, whose original lies further back than is kept in memory. */
export interface ReversalClaim {
  readonly sequence: bigint
  readonly original: { readonly id: bigint; readonly sequence: bigint }
  /** Accounts' ids of the reversal. */
  readonly debit: bigint
  readonly credit: bigint
  /** Of the original, with this reversal. */
  readonly reversed: bigint
}

interface Move {
  readonly event: ReplayEvent
  readonly content: MovedContent
  readonly kind: EntryKind
  readonly debit: Side
  readonly credit: Side
  readonly slots: { readonly debit: number; readonly credit: number }
  readonly fail: Fail
}

export class Moves {
  readonly #state: LedgerState
  /** To be held against their originals. */
  readonly reversals: ReversalClaim[] = []

  constructor(state: LedgerState) {
    this.#state = state
  }

  add(event: ReplayEvent): void {
    const { leaf, content, debit, credit, isSound } = event
    if (content.sort !== 'moved' || debit === undefined || credit === undefined) return
    const report: Fail = (finding, sentence) =>
      this.#state.findings.event(finding, leaf.sequence, sentence)
    const fail = isSound ? report : QUIET
    this.#checkId(event, content, fail)
    const slots = this.#slotsOf(debit, credit, fail)
    if (slots === undefined) return
    const kind = kindOf({ leaf, content })
    const move = { event, content, kind, debit, credit, slots, fail }
    if (!isSound) this.#doubt(slots)
    this.#checkSides(move)
    const change = this.#changeOf(move)
    this.#side(move, 'debit', change)
    this.#side(move, 'credit', change)
    this.#cross(move, change)
    if (!isSound) this.#doubt(slots)
  }

  #checkId({ leaf }: ReplayEvent, { id }: MovedContent, fail: Fail): void {
    const { transferIds } = this.#state
    if (leaf.kind !== 1 || transferIds.count >= IDS_MAX) return
    const known = transferIds.add(id, Number(leaf.sequence))
    if (known !== undefined)
      fail('ids', `its id ${formatId(id)} is that of event ${grouped(known)}`)
  }

  #slotsOf(debit: Side, credit: Side, fail: Fail): Move['slots'] | undefined {
    const { accounts } = this.#state
    const slotOf = ({ account, asset }: Side, which: string): number | undefined => {
      const slot = accounts.find(account)
      const name = `the ${which} account ${formatId(account)}`
      if (slot === undefined) fail('decisions', `${name} was never opened`)
      else if (accounts.asset(slot) !== asset) {
        fail('decisions', `${name} is of asset ${accounts.asset(slot)}, not ${asset}`)
      }
      return slot
    }
    const slots = { debit: slotOf(debit, 'debit'), credit: slotOf(credit, 'credit') }
    if (slots.debit === undefined || slots.credit === undefined) return undefined
    return { debit: slots.debit, credit: slots.credit }
  }

  /** Nothing is held against the accounts' next entries: what is wrong here is told once. */
  #doubt({ debit, credit }: Move['slots']): void {
    for (const slot of [debit, credit]) this.#state.accounts.set(slot, AccountFlag.unsure, true)
  }

  #checkSides({ debit, credit, slots, kind, fail }: Move): void {
    if (debit.amount !== credit.amount || debit.asset !== credit.asset) {
      fail(
        'decisions',
        `it debits ${grouped(debit.amount)} of asset ${debit.asset} and credits ${grouped(credit.amount)} of asset ${credit.asset}`,
      )
    }
    if (slots.debit === slots.credit) fail('decisions', 'both its sides are of the same account')
    if (kind === 'void' || kind === 'release') return
    for (const slot of [slots.debit, slots.credit]) {
      if (!this.#state.accounts.has(slot, AccountFlag.closed)) continue
      const id = formatId(this.#state.accounts.id(slot))
      fail('decisions', `it is a ${kind}, but account ${id} is closed`)
    }
  }

  #changeOf(move: Move): Change | undefined {
    const { kind, content, debit, slots, fail, event } = move
    const { amount } = debit
    const { sequence, timestamp } = event.leaf
    const claim = { kind, content, sequence, timestamp, ...slots, amount }
    const failHold = (sentence: string): void => fail('holds', sentence)
    if (['capture', 'void', 'release'].includes(kind)) {
      return takeFromHold(this.#state, { ...claim, fail: failHold })
    }
    for (const problem of limitProblems(this.#state, { ...slots, amount })) fail('limits', problem)
    if (kind === 'hold') return openHold(this.#state, { ...claim, fail: failHold })
    if (kind === 'reversal') this.#reverse(move)
    return { pending: 0n, posted: amount }
  }

  #reverse({ content, debit, credit, event, fail }: Move): void {
    const { pending } = content
    if (pending === undefined) return fail('decisions', 'it is a reversal that names no transfer')
    const { id, sequence } = pending
    const reversed = (this.#state.reversed.get(id) ?? 0n) + debit.amount
    this.#state.reversed.set(id, reversed)
    if (pending.captured !== reversed) {
      fail(
        'decisions',
        `it says that ${grouped(pending.captured)} of transfer ${formatId(id)} are reversed, but ${grouped(reversed)} are`,
      )
    }
    const accounts = { debit: debit.account, credit: credit.account }
    this.reversals.push({
      ...{ sequence: event.leaf.sequence, original: { id, sequence }, ...accounts, reversed },
    })
  }

  #side(move: Move, which: 'debit' | 'credit', change: Change | undefined): void {
    const { accounts } = this.#state
    const slot = move.slots[which]
    const { entry } = move[which]
    if (entry === undefined) return
    if (accounts.has(slot, AccountFlag.unsure)) accounts.set(slot, AccountFlag.unsure, false)
    else {
      this.#checkLinks(move, which, entry)
      if (change !== undefined) this.#checkBalances(move, which, { entry, change })
    }
    const { number: count, ...balances } = entry
    accounts.setState(slot, { ...balances, count, newest: move.event.leaf.sequence })
  }

  #checkLinks({ slots, fail }: Move, which: 'debit' | 'credit', entry: Entry): void {
    const { count, newest } = this.#state.accounts.entries(slots[which])
    const account = `of the ${which} account ${formatId(this.#state.accounts.id(slots[which]))}`
    if (entry.number !== count + 1n) {
      fail(
        'links',
        `it is entry ${grouped(entry.number)} ${account}, but ${grouped(count + 1n)} comes next`,
      )
    }
    if (entry.previous === newest) return
    const before = newest === 0n ? 'it has none' : `that is event ${grouped(newest)}`
    fail(
      'links',
      `it names event ${grouped(entry.previous)} as the entry before ${account}, but ${before}`,
    )
  }

  #checkBalances(
    { slots, kind, debit, fail }: Move,
    which: 'debit' | 'credit',
    { entry, change }: { entry: Entry; change: Change },
  ): void {
    const before = this.#state.accounts.balances(slots[which])
    const [pending, posted] =
      which === 'debit'
        ? (['debitsPending', 'debitsPosted'] as const)
        : (['creditsPending', 'creditsPosted'] as const)
    for (const name of BALANCES) {
      const by = name === pending ? change.pending : name === posted ? change.posted : 0n
      if (entry[name] === before[name] + by) continue
      const id = formatId(this.#state.accounts.id(slots[which]))
      fail(
        'balances',
        `the ${which} account ${id} has ${wordsOf(name)} ${grouped(entry[name])} after it; from ${grouped(before[name])} and a ${kind} of ${grouped(debit.amount)} follow ${grouped(before[name] + by)}`,
      )
      return
    }
  }

  #cross({ slots }: Move, change: Change | undefined): void {
    if (change === undefined) return
    const { subtrees } = this.#state
    for (const at of subtrees.crossed(slots.debit, slots.credit)) {
      const totals = subtrees.of(at)
      if (totals === undefined) continue
      totals.debitsPending += change.pending
      totals.debitsPosted += change.posted
    }
    for (const at of subtrees.crossed(slots.credit, slots.debit)) {
      const totals = subtrees.of(at)
      if (totals === undefined) continue
      totals.creditsPending += change.pending
      totals.creditsPosted += change.posted
    }
  }
}

/** `debits pending`. */
function wordsOf(name: keyof Omit<AccountState, 'asset'>): string {
  return name.replace(/[A-Z]/, (letter) => ` ${letter.toLowerCase()}`)
}
