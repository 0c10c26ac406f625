/** Holds what a server shows over HTTP to the model: balances, entries, holds, and sums that come to nothing. */
import { formatId } from '@tallystick/contract'
import { accountIdOf } from '@tallystick/engine'
import { Operation } from '@tallystick/ledger'
import { expect } from 'vitest'

import type { BookModel } from './book-model.ts'
import type { Call } from './harness.ts'

/** Holds fall due by themselves, so a comparison may have to begin anew. */
const TRIES = 30
const PAGE = 1_000

/** How much is looked at, newest first. Balances of the accounts are compared in any case. */
export interface Look {
  readonly entries: number
  readonly holds: number
}

export async function holdToModel(
  call: Call,
  book: BookModel,
  addresses: readonly string[],
  look: Look,
): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    const before = await sequenceOf(call)
    await book.follow()
    if (book.lastSequence !== before) continue
    const shown = await showAll(call, book, addresses, look)
    if ((await sequenceOf(call)) !== before) continue
    return expect(shown).toEqual(modelled(book, addresses, look))
  }
  throw new Error('the book never stood still')
}

async function sequenceOf(call: Call): Promise<number> {
  const { json } = await call('GET', '/readyz')
  return json.sequence === json.durable_sequence ? Number(json.sequence) : -1
}

async function showAll(
  call: Call,
  book: BookModel,
  addresses: readonly string[],
  look: Look,
): Promise<object> {
  const accounts: unknown[] = []
  const entries: unknown[] = []
  const holds: unknown[] = []
  for (const address of addresses) {
    const { json } = await call('GET', `/v1/accounts/${address}`)
    accounts.push([address, four(json.balances), json.entries, json.limit, json.closed])
    entries.push(await newestEntries(call, address, look.entries))
  }
  for (const id of holdIds(book, look.holds)) {
    const { json } = await call('GET', `/v1/holds/${formatId(id)}`)
    holds.push([json.id, json.status, json.held, json.captured, json.remaining])
  }
  const { json: totals } = await call('GET', '/v1/balances?group_by=0')
  return { accounts, entries, holds, totals: totals.data.map(four) }
}

async function newestEntries(call: Call, address: string, most: number): Promise<unknown[]> {
  const entries: unknown[] = []
  let cursor = ''
  while (entries.length < most) {
    const limit = Math.min(PAGE, most - entries.length)
    const path = `/v1/accounts/${address}/entries?kind=all&limit=${limit}${cursor}`
    const { json } = await call('GET', path)
    for (const { number, sequence, balances } of json.data) {
      entries.push([number, sequence, four(balances)])
    }
    if (!json.has_more) break
    cursor = `&cursor=${json.next_cursor}`
  }
  return entries
}

function modelled(book: BookModel, addresses: readonly string[], look: Look): object {
  const { model } = book
  const ids = addresses.map(accountIdOf)
  const accounts = ids.map((id, index) => {
    const account = model.account(id)
    const closed = ((account?.flags ?? 0) & CLOSED) !== 0
    const rest = [String(account?.entryCount), String(account?.limit), closed]
    return [addresses[index], account === undefined ? account : texts(account), ...rest]
  })
  const entries = ids.map((id) =>
    model
      .entries(id)
      .slice(-look.entries)
      .reverse()
      .map((entry) => [String(entry.number), String(entry.sequence), texts(entry)]),
  )
  const holds = holdIds(book, look.holds).map((id) => {
    const hold = model.hold(id)
    const { amount, captured, remaining } = hold ?? {}
    return [formatId(id), hold?.status, String(amount), String(captured), String(remaining)]
  })
  return { accounts, entries, holds, totals: [totalsOf(book)] }
}

const CLOSED = 1 << 3

function holdIds({ decisions, model }: BookModel, most: number): bigint[] {
  const ids: bigint[] = []
  for (let index = decisions.length - 1; index >= 0 && ids.length < most; index--) {
    const decision = decisions[index]
    if (decision?.operation !== Operation.createTransfer || decision.status !== 0) continue
    if (model.hold(decision.id) !== undefined) ids.push(decision.id)
  }
  return ids
}

/** Of all accounts, whatever was asked about. What was debited was credited. */
function totalsOf({ model }: BookModel): readonly string[] {
  let posted = 0n
  let pending = 0n
  for (const id of model.accountIds()) {
    posted += model.account(id)?.debitsPosted ?? 0n
    pending += model.account(id)?.debitsPending ?? 0n
  }
  return [pending, posted, pending, posted].map(String)
}

interface Shown {
  readonly debits_pending: string
  readonly debits_posted: string
  readonly credits_pending: string
  readonly credits_posted: string
}

const four = (shown: Shown): readonly string[] => [
  shown.debits_pending,
  shown.debits_posted,
  shown.credits_pending,
  shown.credits_posted,
]

interface Balances {
  readonly debitsPending: bigint
  readonly debitsPosted: bigint
  readonly creditsPending: bigint
  readonly creditsPosted: bigint
}

const texts = (balances: Balances): readonly string[] =>
  [
    balances.debitsPending,
    balances.debitsPosted,
    balances.creditsPending,
    balances.creditsPosted,
  ].map(String)
