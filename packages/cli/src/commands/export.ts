/** `tally export`: entries or accounts as CSV or one JSON object per line, page by page. */
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import type { Command } from 'commander'
import { stringify } from 'csv-stringify/sync'
import type { Account, Entry } from '@tallystick/sdk'
import { usageError } from '../failure.ts'
import { examples } from '../help.ts'
import { countText } from '../output/money-text.ts'
import { ProgressLine } from '../output/progress.ts'
import { wireText } from '../output/wire-text.ts'
import type { Session } from '../session.ts'
import type { Shell } from '../shell.ts'
import { axisOf } from './balance.ts'
import { type PeriodOptions, periodOf, withPeriod } from './statement.ts'

const PAGE_ROWS = 1_000

interface ExportOptions extends PeriodOptions {
  readonly by?: string
  readonly accounts?: boolean
  readonly format: string
  readonly out?: string
}

export function addExport(program: Command, shell: Shell): void {
  withPeriod(program.command('export [prefix]'))
    .description('Write all entries (or accounts) as CSV, account by account, the oldest first.')
    .option('--accounts', 'the accounts in place of their entries')
    .option('--by <axis>', 'ledger or effective', 'ledger')
    .option('--format <format>', 'csv or ndjson', 'csv')
    .option('--out <file>', 'a file in place of standard output')
    .addHelpText(
      'after',
      examples(
        'tally export > entries.csv',
        'tally export users --month 2026-11 --by effective --out november.csv',
        'tally export --accounts --format ndjson',
      ),
    )
    .action(
      shell.action<ExportOptions>(async (session, options, prefix) => {
        const format = session.output.json ? 'ndjson' : options.format
        if (format !== 'csv' && format !== 'ndjson') {
          throw usageError(`--format must be csv or ndjson, not "${format}".`)
        }
        const rows = options.accounts === true ? accountRows : entryRows
        await write(session, options, { format, rows: rows(session, options, prefix) })
      }),
    )
}

/** One row: its cells, the first row's being the titles, and the same as an object. */
interface Row {
  readonly cells: readonly (readonly [title: string, cell: string])[]
  readonly value: object
}

async function* accountsOf(
  { tally }: Session,
  prefix: string | undefined,
): AsyncGenerator<Account, void, undefined> {
  yield* tally.accounts.list({ ...(prefix === undefined ? {} : { prefix }), limit: PAGE_ROWS })
}

async function* accountRows(
  session: Session,
  _options: ExportOptions,
  prefix: string | undefined,
): AsyncGenerator<Row, void, undefined> {
  for await (const account of accountsOf(session, prefix)) {
    yield { value: account, cells: accountCells(account) }
  }
}

async function* entryRows(
  session: Session,
  options: ExportOptions,
  prefix: string | undefined,
): AsyncGenerator<Row, void, undefined> {
  const query = { ...periodOf(options), by: axisOf(options.by), limit: PAGE_ROWS }
  for await (const { address, asset } of accountsOf(session, prefix)) {
    // The list is the newest first; a page is turned round in the end, so an account's entries are held at once.
    const entries = await session.tally.accounts.entries(address, query).toArray()
    for (const entry of entries.reverse()) {
      yield { value: { ...entry, asset }, cells: entryCells(entry, asset) }
    }
  }
}

async function write(
  session: Session,
  { out }: ExportOptions,
  { format, rows }: { readonly format: 'csv' | 'ndjson'; readonly rows: AsyncIterable<Row> },
): Promise<void> {
  const file = out === undefined ? undefined : createWriteStream(session.path(out))
  // A file that cannot be opened says so before the first row.
  if (file !== undefined) await once(file, 'open')
  const progress = new ProgressLine(session.output.terminal)
  let count = 0
  const put = async (text: string): Promise<void> => {
    if (file === undefined) {
      session.output.raw(text)
      await session.output.drained()
    } else if (!file.write(text)) await once(file, 'drain')
  }
  for await (const { cells, value } of rows) {
    if (format === 'csv' && count === 0) await put(csvLine(cells.map(([title]) => title)))
    await put(format === 'csv' ? csvLine(cells.map(([, cell]) => cell)) : `${wireText(value)}\n`)
    count++
    if (file !== undefined) progress.draw(() => `${countText(count)} rows`)
  }
  if (file === undefined) return
  progress.clear()
  file.end()
  await once(file, 'close')
  session.output.note(`${countText(count)} rows in ${out}`)
}

function metadataCell(metadata: Readonly<Record<string, unknown>>): string {
  return Object.keys(metadata).length === 0 ? '' : JSON.stringify(metadata)
}

function csvLine(cells: readonly string[]): string {
  return stringify([cells.map(harmless)])
}

/** A spreadsheet takes `=…` for a formula; amounts may begin with a minus. */
function harmless(cell: string): string {
  return /^[=+@\t\r]|^-(?!\d+$)/.test(cell) ? `'${cell}` : cell
}

function accountCells(account: Account): Row['cells'] {
  const { balances, limit, parent, subtreeLimit } = account
  return [
    ['address', account.address],
    ['asset', account.asset],
    ['code', account.code.toString()],
    ['flags', account.flags.join(' ')],
    ['parent', parent ?? ''],
    ['limit', limit.toString()],
    ['subtree_limit', subtreeLimit?.toString() ?? ''],
    ['closed', account.closed ? 'true' : 'false'],
    ['debits_pending', balances.debitsPending.toString()],
    ['debits_posted', balances.debitsPosted.toString()],
    ['credits_pending', balances.creditsPending.toString()],
    ['credits_posted', balances.creditsPosted.toString()],
    ['balance', balances.balance.toString()],
    ['entries', account.entries.toString()],
    ['created_at', account.createdAt],
    ['metadata', metadataCell(account.metadata)],
  ]
}

function entryCells(entry: Entry, asset: string): Row['cells'] {
  return [
    ['account', entry.account],
    ['number', entry.number.toString()],
    ['effective_at', entry.effectiveAt],
    ['timestamp', entry.timestamp],
    ['direction', entry.direction],
    ['amount', entry.amount.toString()],
    ['balance', entry.balance.toString()],
    ['asset', asset],
    ['counterparty', entry.counterparty],
    ['code', entry.code.toString()],
    ['transfer_id', entry.transferId],
    ['metadata', metadataCell(entry.metadata)],
  ]
}
