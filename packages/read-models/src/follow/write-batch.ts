/** Writes a batch in one transaction, with the position that it leads to. */
import { type Client, CopyRows, copyRows } from '@tallystick/postgres'

import type { Batch, Change, HoldChange, OpenedHold } from './batch.ts'

/** @throws when PostgreSQL does: then nothing of it is there. */
export async function writeBatch(client: Client, batch: Batch): Promise<void> {
  await client.query('begin')
  // A crash of PostgreSQL may take the last moment with it: the position goes back too, and it is read again.
  await client.query('set local synchronous_commit = off')
  await copyRows(client, 'tallystick.assets', batch.assets)
  await copyRows(client, `tallystick.accounts (${ACCOUNT})`, batch.accounts)
  await copyRows(client, `tallystick.requests`, batch.requests)
  await copyRows(client, `tallystick.movements`, batch.movements)
  await writeHolds(client, batch)
  await writeTouched(client, batch)
  await writeChanges(client, batch)
  await writeTurnover(client, batch)
  await client.query('update tallystick.read_models set sequence = $1, timestamp_ns = $2', [
    batch.lastSequence,
    batch.lastTimestamp,
  ])
  await client.query('commit')
}

const ACCOUNT =
  'slot, id, address, asset, code, flags, parent_id, limit_amount, subtree_limit, closed, metadata, sequence, timestamp_ns'
const HOLD =
  'sequence, id, debit_slot, credit_slot, amount, asset, code, flags, metadata, timestamp_ns, expires_ns, status, captured, remaining, changed_sequence, changed_ns'

/** Fills a table that lives as long as the transaction. */
async function stage(
  client: Client,
  { name, columns }: { readonly name: string; readonly columns: string },
  rows: CopyRows,
): Promise<void> {
  await client.query(`create temporary table ${name} (${columns}) on commit drop`)
  await copyRows(client, name, rows)
  // Without it the planner takes the table for a large one.
  await client.query(`analyze ${name}`)
}

async function writeHolds(client: Client, { holds, holdChanges }: Batch): Promise<void> {
  const fresh = new CopyRows(16)
  const changed = new CopyRows(6)
  for (const change of holdChanges.values()) {
    const hold = holds.get(change.sequence)
    if (hold === undefined) {
      changed.begin()
      changed.bigint(change.sequence)
      writeHoldChange(changed, change)
    } else {
      writeHold(fresh, hold)
      writeHoldChange(fresh, change)
    }
  }
  await copyRows(client, `tallystick.holds (${HOLD})`, fresh)
  if (changed.count === 0) return
  const columns =
    'sequence bigint, status text, captured numeric, remaining numeric, changed_sequence bigint, changed_ns bigint'
  await stage(client, { name: 'changed_holds', columns }, changed)
  await client.query(
    `update tallystick.holds h set status = c.status, captured = c.captured, remaining = c.remaining,
       changed_sequence = c.changed_sequence, changed_ns = c.changed_ns
     from changed_holds c where h.sequence = c.sequence`,
  )
}

function writeHold(rows: CopyRows, hold: OpenedHold): void {
  rows.begin()
  rows.bigint(hold.sequence)
  rows.uuidOf(hold.id)
  rows.integer(hold.debitSlot)
  rows.integer(hold.creditSlot)
  rows.numeric(hold.amount)
  rows.utf8(hold.asset)
  rows.integer(hold.code)
  rows.integer(hold.flags)
  if (hold.metadata === null) rows.null()
  else rows.json(hold.metadata)
  rows.bigint(hold.timestamp)
  if (hold.expires === null) rows.null()
  else rows.numeric(hold.expires)
}

function writeHoldChange(rows: CopyRows, change: HoldChange): void {
  rows.text(change.status)
  rows.numeric(change.captured)
  rows.numeric(change.remaining)
  rows.bigint(change.changedBy)
  rows.bigint(change.changedAt)
}

async function writeTouched(client: Client, { touched }: Batch): Promise<void> {
  if (touched.count === 0) return
  const columns =
    'slot integer, entries bigint, moved_sequence bigint, debits_pending numeric, debits_posted numeric, credits_pending numeric, credits_posted numeric'
  const rows = new CopyRows(7)
  touched.write(rows)
  await stage(client, { name: 'moved_accounts', columns }, rows)
  await client.query(
    `update tallystick.accounts a set entries = m.entries, moved_sequence = m.moved_sequence,
       debits_pending = m.debits_pending, debits_posted = m.debits_posted,
       credits_pending = m.credits_pending, credits_posted = m.credits_posted
     from moved_accounts m where a.slot = m.slot`,
  )
}

async function writeChanges(client: Client, { changes }: Batch): Promise<void> {
  if (changes.size === 0) return
  const columns =
    'slot integer, limit_amount numeric, has_subtree_limit boolean, subtree_limit numeric, has_metadata boolean, metadata jsonb, closed boolean'
  const rows = new CopyRows(7)
  for (const [slot, change] of changes) writeChange(rows, slot, change)
  await stage(client, { name: 'changed_accounts', columns }, rows)
  await client.query(
    `update tallystick.accounts a set limit_amount = coalesce(c.limit_amount, a.limit_amount),
       subtree_limit = case when c.has_subtree_limit then c.subtree_limit else a.subtree_limit end,
       metadata = case when c.has_metadata then c.metadata else a.metadata end,
       closed = coalesce(c.closed, a.closed)
     from changed_accounts c where a.slot = c.slot`,
  )
}

function writeChange(rows: CopyRows, slot: number, change: Change): void {
  const { limit = null, subtreeLimit, metadata, closed } = change
  rows.begin()
  rows.integer(slot)
  if (limit === null) rows.null()
  else rows.numeric(limit)
  rows.boolean(subtreeLimit !== undefined)
  if (typeof subtreeLimit === 'bigint') rows.numeric(subtreeLimit)
  else rows.null()
  rows.boolean(metadata !== undefined)
  if (typeof metadata === 'string') rows.json(metadata)
  else rows.null()
  if (closed === undefined) rows.null()
  else rows.boolean(closed)
}

async function writeTurnover(client: Client, { touched }: Batch): Promise<void> {
  if (touched.turnovers.length === 0) return
  const columns =
    'day date, slot integer, debits numeric, credits numeric, debit_entries bigint, credit_entries bigint'
  const rows = new CopyRows(6)
  for (const { slot, day, debit, credit } of touched.turnovers) {
    rows.begin()
    rows.date(day)
    rows.integer(slot)
    rows.numeric(debit.total)
    rows.numeric(credit.total)
    rows.bigint(debit.count)
    rows.bigint(credit.count)
  }
  await stage(client, { name: 'more_turnover', columns }, rows)
  await client.query(
    `insert into tallystick.turnover as t select * from more_turnover
     on conflict (slot, day) do update set debits = t.debits + excluded.debits, credits = t.credits + excluded.credits,
       debit_entries = t.debit_entries + excluded.debit_entries, credit_entries = t.credit_entries + excluded.credit_entries`,
  )
}
