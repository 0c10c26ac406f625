/** Sums over the whole state: trial balance, holds against pending totals, ancestors against their subtrees. */
import type { AccountState, Reader } from '@tallystick/ledger'

import type { Balances } from '../history/queries.ts'
import type { Chains } from './chains.ts'
import type { Problems, TrialBalance } from './report.ts'

interface Net {
  posted: bigint
  pending: bigint
}

interface Mutable {
  debitsPending: bigint
  debitsPosted: bigint
  creditsPending: bigint
  creditsPosted: bigint
}

const NAMES = ['debitsPending', 'debitsPosted', 'creditsPending', 'creditsPosted'] as const

/** Compares the state with the chains, account by account, and adds it up. */
export function checkSums(read: Reader, chains: Chains, problems: Problems): TrialBalance[] {
  const held = heldBySlot(read, chains, problems)
  const assets = new Map<number, Mutable & { accounts: number }>()
  const subtrees = new Map<number, Net>()
  for (let slot = 0; slot < read.accountCount; slot++) {
    const account = read.account(slot)
    checkAccount(account, chains, problems)
    checkHeld(account, held.get(slot), problems)
    addTo(totalsOf(assets, account.asset), account)
    if (account.parentSlot >= 0 || account.subtree !== undefined) addUp(read, account, subtrees)
  }
  for (const [slot, net] of subtrees) checkSubtree(read.account(slot), net, problems)
  const balances = [...assets].map(([asset, totals]) => ({ asset, ...totals }))
  for (const balance of balances) checkTrial(balance, problems)
  return balances.sort((a, b) => a.asset - b.asset)
}

/** The newest link of its chain says what the account has. */
function checkAccount(account: AccountState, chains: Chains, problems: Problems): void {
  const link = chains.links[account.slot]
  const agrees = NAMES.every((name) => account[name] === (link?.[name] ?? 0n))
  const number = link?.number ?? 0n
  if (agrees && account.entryCount === number && account.newestSequence === (link?.sequence ?? 0)) {
    return
  }
  problems.add('balance', link?.sequence, `account ${account.id} is not what its entries say`)
}

function checkHeld(account: AccountState, held: Net | undefined, problems: Problems): void {
  const debits = held?.posted ?? 0n
  const credits = held?.pending ?? 0n
  if (account.debitsPending === debits && account.creditsPending === credits) return
  const text = `account ${account.id} has ${account.debitsPending} and ${account.creditsPending} pending, its open holds ${debits} and ${credits}`
  problems.add('holds', undefined, text)
}

/** Per slot what open holds keep of its debits (`posted`) and credits (`pending`). */
function heldBySlot(read: Reader, chains: Chains, problems: Problems): Map<number, Net> {
  const held = new Map<number, Net>()
  let count = 0
  for (const { sequence, debitSlot, creditSlot, remaining } of read.openHolds()) {
    count++
    if (chains.holds.get(sequence) !== remaining) {
      problems.add('holds', sequence, 'the hold is not what the book says')
    }
    netOf(held, debitSlot).posted += remaining
    netOf(held, creditSlot).pending += remaining
  }
  if (count !== chains.holds.size) {
    problems.add('holds', undefined, `${count} holds are open, by the book ${chains.holds.size}`)
  }
  return held
}

/** An account counts for itself and for each ancestor that has totals. */
function addUp(read: Reader, account: AccountState, subtrees: Map<number, Net>): void {
  const posted = account.creditsPosted - account.debitsPosted
  const pending = account.creditsPending - account.debitsPending
  for (let at = account; ; at = read.account(at.parentSlot)) {
    if (at.subtree !== undefined) {
      const net = netOf(subtrees, at.slot)
      net.posted += posted
      net.pending += pending
    }
    if (at.parentSlot < 0) return
  }
}

function checkSubtree({ id, subtree }: AccountState, net: Net, problems: Problems): void {
  if (subtree === undefined) return
  const posted = subtree.creditsPosted - subtree.debitsPosted
  const pending = subtree.creditsPending - subtree.debitsPending
  if (posted === net.posted && pending === net.pending) return
  problems.add('subtree', undefined, `the totals of ${id} are not the sum of its subtree`)
}

function checkTrial(balance: TrialBalance, problems: Problems): void {
  const { asset, debitsPosted, creditsPosted, debitsPending, creditsPending } = balance
  if (debitsPosted !== creditsPosted || debitsPending !== creditsPending) {
    problems.add('trial_balance', undefined, `asset ${asset} does not balance`)
  }
}

function netOf(nets: Map<number, Net>, slot: number): Net {
  const net = nets.get(slot) ?? { posted: 0n, pending: 0n }
  nets.set(slot, net)
  return net
}

function totalsOf(
  assets: Map<number, Mutable & { accounts: number }>,
  asset: number,
): Mutable & { accounts: number } {
  const totals = assets.get(asset) ?? {
    ...{ accounts: 0, debitsPending: 0n, debitsPosted: 0n, creditsPending: 0n, creditsPosted: 0n },
  }
  assets.set(asset, totals)
  return totals
}

function addTo(totals: Mutable & { accounts: number }, account: Balances): void {
  totals.accounts++
  for (const name of NAMES) totals[name] += account[name]
}
