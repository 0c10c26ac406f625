/** A filter by looking at each row: slow, and obviously right. Rows come from the ledger's own histories, not from the tables. */
import { formatId, formatRequestId, parseTime } from '@tallystick/contract'
import { AccountFlags, type TallyLedger, TransferFlags } from '@tallystick/engine'
import { Memory, RecordCursor } from '@tallystick/ledger'

type Scalar = string | number | bigint | boolean
export type NaiveRow = Readonly<Record<string, Scalar | undefined>>

const KINDS = {
  ...{ transfer: 'posted', reversal: 'reversed', hold: 'held' },
  ...{ capture: 'captured', void: 'voided', release: 'expired' },
} as const

export interface NaiveRows {
  readonly accounts: NaiveRow[]
  readonly transfers: NaiveRow[]
  readonly entries: NaiveRow[]
  readonly holds: NaiveRow[]
}

/** `key` is what the answers are compared by; the rest are fields. In order of it, oldest first. */
export function naiveRows(ledger: TallyLedger): NaiveRows {
  const { reader } = ledger
  const rows: NaiveRows = { accounts: [], transfers: [], entries: [], holds: [] }
  const nameOf = (id: bigint): string => reader.account(id)?.address || formatId(id)
  for (let slot = 0; slot < reader.accountCount; slot++) {
    const view = reader.accountBySlot(slot)
    if (view === undefined) throw new Error(`no account in slot ${slot}`)
    rows.accounts.push({
      ...{ key: `${slot}`, address: nameOf(view.id), asset: `NUMBER_${view.asset}/0` },
      ...{ code: view.code, parent: view.parent === 0n ? undefined : nameOf(view.parent) },
      ...{ closed: (view.flags & AccountFlags.closed) !== 0, balance: view.balance },
      ...{ debits_posted: view.debitsPosted, credits_posted: view.creditsPosted },
      ...{ debits_pending: view.debitsPending, credits_pending: view.creditsPending },
      ...{ entries: view.entryCount, created_at: view.timestamp, ...metadataOf(view.metadata) },
    })
    const { entries } = reader.entries({
      ...{ account: view.id, by: 'ledger', kind: 'all', newestFirst: false, limit: 8_190 },
    })
    for (const entry of entries) {
      rows.entries.push({
        key: `${entry.sequence}:${entry.direction}`,
        ...{ account: nameOf(view.id), counterparty: nameOf(entry.counterparty) },
        ...{ direction: entry.direction, kind: KINDS[entry.kind], code: entry.code },
        ...{ asset: `NUMBER_${view.asset}/0`, amount: entry.amount, number: BigInt(entry.number) },
        ...{ sequence: BigInt(entry.sequence), timestamp: entry.timestamp },
        ...{ effective_at: entry.effectiveAt, ...ownMetadata(ledger, entry.sequence) },
        request_id: requestOf(ledger, entry.sequence),
      })
    }
  }
  for (let sequence = 1; sequence <= ledger.lastSequence; sequence++) {
    const view = reader.transferBySequence(sequence)
    if (view === undefined || view.sequence !== sequence) continue
    const common = {
      ...{ key: `${sequence}`, sequence: BigInt(sequence), timestamp: view.timestamp },
      ...{
        debit_account: nameOf(view.debitAccountId),
        credit_account: nameOf(view.creditAccountId),
      },
      ...{ asset: `NUMBER_${view.asset}/0`, code: view.code, amount: view.amount },
      ...{ ...ownMetadata(ledger, sequence), request_id: requestOf(ledger, sequence) },
    }
    rows.transfers.push({ ...common, kind: kindOf(view.flags), effective_at: view.effectiveAt })
    if ((view.flags & TransferFlags.pending) === 0) continue
    rows.holds.push({
      ...{ ...common, status: view.state, captured: view.captured, remaining: view.remaining },
      expires_at: view.deadline === 0n ? undefined : view.deadline,
    })
  }
  rows.entries.sort(byEntry)
  return rows
}

function byEntry(a: NaiveRow, b: NaiveRow): number {
  const [first, second] = [a, b].map(({ key }) => String(key).split(':'))
  return (
    Number(first?.[0]) - Number(second?.[0]) || ((first?.[1] ?? '') < (second?.[1] ?? '') ? -1 : 1)
  )
}

function kindOf(flags: number): string {
  if ((flags & TransferFlags.pending) !== 0) return 'held'
  if ((flags & TransferFlags.postPendingTransfer) !== 0) return 'captured'
  if ((flags & TransferFlags.voidPendingTransfer) !== 0) return 'voided'
  return (flags & TransferFlags.reversal) !== 0 ? 'reversed' : 'posted'
}

function metadataOf(bytes: Uint8Array): NaiveRow {
  try {
    const fields = JSON.parse(Buffer.from(bytes).toString('utf8')) as Record<string, Scalar>
    return Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [`metadata.${name}`, value]),
    )
  } catch {
    return {}
  }
}

const cursor = new RecordCursor(Memory.allocate(8))

/** Of the event itself: what a capture inherits is its hold's. */
function ownMetadata({ reader }: TallyLedger, sequence: number): NaiveRow {
  return metadataOf(reader.record(sequence, cursor).metadata)
}

function requestOf({ reader }: TallyLedger, sequence: number): string | undefined {
  const origin = reader.originOf(sequence)
  return origin === undefined ? undefined : formatRequestId(origin.requestId)
}

export function fits(row: NaiveRow, filter: object): boolean {
  const { and, or, not, field, ...comparisons } = filter as {
    and?: object[]
    or?: object[]
    not?: object
    field?: string
  } & Record<string, unknown>
  if (and !== undefined) return and.every((part) => fits(row, part))
  if (or !== undefined) return or.some((part) => fits(row, part))
  if (not !== undefined) return !fits(row, not)
  const value = row[field ?? '']
  return Object.entries(comparisons).every(([comparison, given]) =>
    compares({ value, comparison, given }),
  )
}

function compares({
  value,
  comparison,
  given,
}: {
  readonly value: Scalar | undefined
  readonly comparison: string
  readonly given: unknown
}): boolean {
  if (value === undefined) return false
  if (comparison === 'in') return (given as unknown[]).some((each) => isEqual(value, each))
  if (comparison === 'eq') return isEqual(value, given)
  if (comparison === 'prefix') {
    const whole = String(given).replace(/:$/, '')
    return whole === '' || value === whole || String(value).startsWith(`${whole}:`)
  }
  const bound = typeof value === 'bigint' ? wholeOf(given) : (given as number)
  if (typeof value !== 'bigint' && typeof value !== 'number') return false
  if (comparison === 'gt') return value > bound
  if (comparison === 'gte') return value >= bound
  return comparison === 'lt' ? value < bound : value <= bound
}

function isEqual(value: Scalar, given: unknown): boolean {
  return typeof value === 'bigint' ? value === wholeOf(given) : value === given
}

const wholeOf = (given: unknown): bigint => parseTime(String(given)) ?? BigInt(String(given))
