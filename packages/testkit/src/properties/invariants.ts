/** What must be true of any state machine after every batch ("Invariants" of the semantics). */
import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict'
import type { AccountView, Balances, EntryView, StateMachine } from '@tallystick/scenario'
import { checkLimitsKept } from './limits-kept.ts'
import { fourOf, type History, lookAt, viewsOf } from './history.ts'

/** Throws at the first that does not hold. `history` must have recorded the latest batch. */
export function invariants(machine: StateMachine, history: History): void {
  const accounts = viewsOf(machine)
  checkDryRun(machine, history)
  checkRefusals(machine, history)
  checkSequence(machine, history)
  checkSums(accounts)
  for (const account of accounts) {
    checkBalances(machine, history, account)
    checkChain(machine.entries(account.id), history.entries.get(account.id) ?? [])
    checkSubtree(accounts, account)
  }
  checkHolds(machine, history)
  checkReversals(machine, history)
  checkLimitsKept(accounts, history)
  history.remember(machine)
}

/** The same log on another machine gives the same state, byte by byte. */
export function checkReplay(
  make: () => StateMachine,
  machine: StateMachine,
  history: History,
): void {
  const again = make()
  for (const { batch, decisions } of history.played) {
    deepStrictEqual(again.apply(batch), decisions, 'equal logs must give equal answers')
  }
  deepStrictEqual(again.stateBytes(), machine.stateBytes(), 'equal logs must give equal states')
}

function checkDryRun(machine: StateMachine, { played, before }: History): void {
  const latest = played.at(-1)
  if (latest?.batch.dryRun !== true) return
  deepStrictEqual(machine.stateBytes(), before.state, 'a dry run left something behind')
  deepStrictEqual(lookAt(machine).accounts, before.accounts, 'a dry run changed an account')
}

function checkRefusals(machine: StateMachine, { played, before }: History): void {
  const latest = played.at(-1)
  if (latest === undefined) return
  const { batch, decisions } = latest
  const released = decisions.length - batch.commands.length
  if (released > 0 || decisions.some(({ status }) => status === 0)) return
  deepStrictEqual(machine.contentBytes(), before.content, 'a refusal changed the content')
  deepStrictEqual(lookAt(machine).accounts, before.accounts, 'a refusal changed an account')
}

/** Over the whole log sequences have no gap and time runs forward. */
function checkSequence(machine: StateMachine, { played }: History): void {
  let sequence = 0n
  let timestamp = 0n
  for (const { batch, decisions } of played) {
    if (batch.dryRun === true) continue
    for (const decision of decisions) {
      strictEqual(decision.sequence, sequence + 1n, 'sequences have a gap')
      ok(decision.timestamp > timestamp, 'time stands still or runs back')
      if (decision.status !== 0) strictEqual(decision.amount, 0n, 'a refusal moved something')
      ;({ sequence, timestamp } = decision)
    }
  }
  strictEqual(machine.lastSequence(), sequence)
  strictEqual(machine.lastTimestamp(), timestamp)
}

/** Per asset what was debited was credited. */
function checkSums(accounts: readonly AccountView[]): void {
  for (const asset of new Set(accounts.map((account) => account.asset))) {
    const among = accounts.filter((account) => account.asset === asset)
    strictEqual(sum(among, 'debitsPosted'), sum(among, 'creditsPosted'), 'posted does not balance')
    strictEqual(sum(among, 'debitsPending'), sum(among, 'creditsPending'), 'pending: no balance')
  }
}

const sum = (all: readonly Balances[], name: keyof Balances): bigint =>
  all.reduce((total, balances) => total + balances[name], 0n)

/** An account's balances are the fold of its events, and the last of its entries; none is negative. */
function checkBalances(machine: StateMachine, history: History, account: AccountView): void {
  const zero = { debitsPending: 0n, debitsPosted: 0n, creditsPending: 0n, creditsPosted: 0n }
  const followed = history.balances.get(account.id) ?? zero
  deepStrictEqual(fourOf(account), followed, `balances of ${account.id}`)
  const last = machine.entries(account.id).at(-1)
  deepStrictEqual(fourOf(account), last === undefined ? zero : fourOf(last), 'the last entry')
  for (const value of Object.values<bigint>({ ...fourOf(account), ...account.subtree })) {
    ok(value >= 0n, 'a balance is negative')
  }
}

/** Numbers have no gap; `previous` and `jump` are the sequences of entries n − 1 and j(n). */
function checkChain(entries: readonly EntryView[], sequences: readonly bigint[]): void {
  const jumps = [0]
  const sequenceOf = (number: number): bigint => entries[number - 1]?.sequence ?? 0n
  for (const [index, entry] of entries.entries()) {
    const number = index + 1
    jumps.push(jumpOf(number, jumps))
    strictEqual(entry.number, BigInt(number), 'entry numbers have a gap')
    strictEqual(entry.sequence, sequences[index], 'an entry of another event')
    strictEqual(entry.previous, sequenceOf(number - 1), `previous of entry ${number}`)
    strictEqual(entry.jump, sequenceOf(jumps[number] ?? 0), `jump of entry ${number}`)
  }
  strictEqual(entries.length, sequences.length, 'entries are missing')
}

function jumpOf(number: number, jumps: readonly number[]): number {
  const previous = number - 1
  const once = jumps[previous] ?? 0
  const twice = jumps[once] ?? 0
  if (number === 1) return 0
  return previous - once === once - twice ? twice : previous
}

/** An ancestor's net equals the sum over its subtree. */
function checkSubtree(accounts: readonly AccountView[], ancestor: AccountView): void {
  if (ancestor.subtree === undefined) {
    ok(!accounts.some(({ parent }) => parent === ancestor.id), 'a parent without totals')
    return
  }
  const inside = accounts.filter((account) => isInside(accounts, account, ancestor.id))
  const totals = [ancestor.subtree]
  strictEqual(net(totals, 'Posted'), net(inside, 'Posted'), `posted net of ${ancestor.id}`)
  strictEqual(net(totals, 'Pending'), net(inside, 'Pending'), `pending net of ${ancestor.id}`)
}

function isInside(
  accounts: readonly AccountView[],
  account: AccountView | undefined,
  ancestor: bigint,
): boolean {
  if (account === undefined) return false
  if (account.id === ancestor) return true
  return isInside(
    accounts,
    accounts.find(({ id }) => id === account.parent),
    ancestor,
  )
}

const net = (all: readonly Balances[], kind: 'Posted' | 'Pending'): bigint =>
  sum(all, `credits${kind}`) - sum(all, `debits${kind}`)

/** Every hold shows what it must, and the next deadline is that of an open one. */
function checkHolds(machine: StateMachine, history: History): void {
  const deadlines: bigint[] = []
  for (const [id, { remaining }] of history.holds) {
    const view = machine.hold(id)
    ok(view !== undefined, `hold ${id} is lost`)
    strictEqual(view.remaining, remaining, `what remains of hold ${id}`)
    ok(view.captured + view.remaining <= view.amount, `hold ${id} captured too much`)
    if (view.status === 'pending' && view.deadline !== 0n) deadlines.push(view.deadline)
  }
  const earliest = deadlines.sort((a, b) => (a < b ? -1 : 1))[0]
  strictEqual(machine.nextDeadline(), earliest, 'the next deadline')
}

function checkReversals(machine: StateMachine, history: History): void {
  for (const [id, amount] of history.moved) {
    const reversed = machine.reversed(id)
    strictEqual(reversed, history.reversed.get(id) ?? 0n, `reversed of ${id}`)
    ok(reversed <= amount, `more of ${id} was reversed than it moved`)
  }
}
