/** How accounts, transfers and holds look on a terminal. */
import type { Account, Balances, Hold, ShownPrivate, Transfer } from '@tallystick/sdk'
import { countText, moneyText } from '../output/money-text.ts'
import type { Output } from '../output/output.ts'
import { printable } from '../output/printable.ts'
import { pairsText, tableText } from '../output/table.ts'

type Pair = readonly [name: string, value: string]

export function accountText(output: Output, account: Account): string {
  const money = (minor: bigint): string => moneyText(minor, account.asset)
  const { flags, parent, subtreeLimit, metadata } = account
  const pairs: Pair[] = [
    ['account', output.style('bold', account.address)],
    ['asset', account.asset],
    ['code', account.code.toString()],
    ['flags', flags.length === 0 ? 'none' : flags.join(', ')],
    ...(parent === null ? [] : [['parent', parent] as const]),
    ['limit', money(account.limit)],
    ...(subtreeLimit === null ? [] : [['subtree limit', money(subtreeLimit)] as const]),
    ...balancePairs(output, account.balances, account.asset),
    ['entries', countText(account.entries)],
    ['state', account.closed ? output.style('yellow', 'closed') : 'open'],
    ['opened', timeText(account.createdAt)],
    ...metadataPairs(metadata),
    ...privatePairs(account.private),
  ]
  return pairsText(output, pairs)
}

function balancePairs(output: Output, balances: Balances, asset: string): Pair[] {
  const money = (minor: bigint): string => moneyText(minor, asset)
  const { debitsPending, creditsPending, balance, available } = balances
  return [
    ['balance', balanceText(output, balance, asset)],
    ['available', available === null ? 'no limit' : money(available)],
    ['credits', `${money(balances.creditsPosted)}${pendingText(creditsPending, asset)}`],
    ['debits', `${money(balances.debitsPosted)}${pendingText(debitsPending, asset)}`],
  ]
}

export function balanceText(output: Output, balance: bigint, asset: string): string {
  const text = moneyText(balance, asset)
  return balance < 0n ? output.style('red', text) : text
}

const pendingText = (pending: bigint, asset: string): string =>
  pending === 0n ? '' : ` and ${moneyText(pending, asset)} held`

export function transferText(output: Output, transfer: Transfer): string {
  const { pendingId, reversedAmount, requestedAmount, asset } = transfer
  const pairs: Pair[] = [
    ['transfer', output.style('bold', transfer.id)],
    ['status', statusText(output, transfer.status, transfer.dryRun)],
    ['kind', transfer.kind],
    ['from', transfer.debitAccount],
    ['to', transfer.creditAccount],
    ['amount', moneyText(transfer.amount, asset)],
    ...(requestedAmount === undefined
      ? []
      : [['asked for', moneyText(requestedAmount, asset)] as const]),
    ...(pendingId === null ? [] : [['of', pendingId] as const]),
    ...(reversedAmount === undefined
      ? []
      : [['reversed', moneyText(reversedAmount, asset)] as const]),
    ['code', transfer.code.toString()],
    ['effective', timeText(transfer.effectiveAt)],
    ['booked', timeText(transfer.timestamp)],
    ['sequence', transfer.sequence.toString()],
    ['request', transfer.requestId],
    ...(transfer.reference === undefined ? [] : [['reference', transfer.reference] as const]),
    ...metadataPairs(transfer.metadata),
    ...privatePairs(transfer.private),
  ]
  return `${pairsText(output, pairs)}\n\n${balancesTable(output, transfer.balances, asset)}`
}

export function holdText(output: Output, hold: Hold): string {
  const money = (minor: bigint): string => moneyText(minor, hold.asset)
  const pairs: Pair[] = [
    ['hold', output.style('bold', hold.id)],
    ['status', statusText(output, hold.status, hold.dryRun)],
    ['from', hold.debitAccount],
    ['to', hold.creditAccount],
    ['held', money(hold.held)],
    ['captured', money(hold.captured)],
    ['remaining', money(hold.remaining)],
    ['expires', hold.expiresAt === null ? 'never' : timeText(hold.expiresAt)],
    ['request', hold.requestId],
    ...(hold.reference === undefined ? [] : [['reference', hold.reference] as const]),
    ...(hold.transferId === undefined ? [] : [['transfer', hold.transferId] as const]),
    ...metadataPairs(hold.metadata),
    ...privatePairs(hold.private),
  ]
  return `${pairsText(output, pairs)}\n\n${balancesTable(output, hold.balances, hold.asset)}`
}

function statusText(output: Output, status: string, dryRun: true | undefined): string {
  const coloured = output.style(status === 'expired' ? 'yellow' : 'green', status)
  return dryRun === true
    ? `${coloured} ${output.style('yellow', '(dry run: nothing was recorded)')}`
    : coloured
}

function balancesTable(
  output: Output,
  balances: Readonly<Record<string, Balances>>,
  asset: string,
): string {
  const rows = Object.entries(balances).map(([address, { balance, available }]) => [
    address,
    balanceText(output, balance, asset),
    available === null ? 'no limit' : moneyText(available, asset),
  ])
  const columns = [
    { title: 'account' },
    { title: 'balance', right: true },
    { title: 'available', right: true },
  ]
  return tableText(output, columns, rows)
}

function metadataPairs(metadata: Readonly<Record<string, unknown>>): Pair[] {
  const text = metadataText(metadata)
  return text === '' ? [] : [['metadata', text]]
}

function privatePairs(shown: ShownPrivate | undefined): Pair[] {
  return shown === undefined ? [] : [['private', privateText(shown)]]
}

/** Whose it is, and what; or that it is gone. */
export function privateText(shown: ShownPrivate): string {
  if (typeof shown === 'string') return shown
  return `${shown.subject} ${printable(JSON.stringify(shown.data))}`
}

/** Empty when there is none. */
export function metadataText(metadata: Readonly<Record<string, unknown>>): string {
  return Object.keys(metadata).length === 0 ? '' : printable(JSON.stringify(metadata))
}

/** To the second, and whole days without a time: `2026-11-21`, `2026-11-21 09:00:00`. */
export function timeText(time: string): string {
  return time
    .replace('T', ' ')
    .replace(/(\.\d+)?Z$/, '')
    .replace(/ 00:00:00$/, '')
}
