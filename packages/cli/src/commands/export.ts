/** `tally export`: accounts, entries or transfers as CSV, lines of JSON or Parquet; a page at a time, however much there is. */
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { exportFiles, type Format } from '../export/export-files.ts'
import { accountsOf, type Asked, type Row, type Table, TABLES } from '../export/tables.ts'
import { TEXT_FORMS } from '../export/text-rows.ts'
import { usageError } from '../failure.ts'
import { examples } from '../help.ts'
import { countText } from '../output/money-text.ts'
import { ProgressLine } from '../output/progress.ts'
import type { Session } from '../session.ts'
import type { Shell } from '../shell.ts'
import { axisOf } from './balance.ts'
import { type PeriodOptions, periodOf, withPeriod } from './statement.ts'

interface ExportOptions extends PeriodOptions {
  readonly by?: string
  readonly accounts?: true
  readonly transfers?: true
  readonly format: string
  readonly amounts: string
  readonly out?: string
  readonly force?: true
}

export function addExport(program: Command, shell: Shell): void {
  withPeriod(program.command('export [prefix]'))
    .description(
      'Write all entries (or accounts, or transfers) as CSV, lines of JSON or Parquet, account by account, the oldest first.',
    )
    .option('--accounts', 'the accounts in place of their entries')
    .option('--transfers', 'the transfers in place of entries')
    .option('--by <axis>', 'ledger or effective', 'ledger')
    .option('--format <format>', 'csv, ndjson or parquet', 'csv')
    .option('--amounts <form>', 'of Parquet: decimal, or text for amounts of 39 digits', 'decimal')
    .option('--out <path>', 'a file; or a directory, ending with /, for all three tables')
    .option('--force', 'replace files that are there')
    .addHelpText(
      'after',
      examples(
        'tally export > entries.csv',
        'tally export users --month 2026-11 --by effective --out november.csv',
        'tally export --accounts --format ndjson',
        'tally export --format parquet --out november.parquet --month 2026-11',
        'tally export --format parquet --out lake/',
      ),
    )
    .action(
      shell.action<ExportOptions>(async (session, options, prefix) => {
        const format = formatOf(session, options)
        const query = { ...periodOf(options), by: axisOf(options.by) }
        const asked = { tally: session.tally, query, prefix }
        if (options.out !== undefined) {
          const interruption = shell.io.interruption()
          return toFiles(session, { ...options, format, out: options.out, interruption }, asked)
        }
        if (format === 'parquet') throw usageError('Parquet is a file: name it with --out.')
        await toOutput(session, { table: chosen(options) ?? TABLES.entries, format }, asked)
      }),
    )
}

/** @throws CommandError */
function formatOf({ output }: Session, { format: text, amounts }: ExportOptions): Format {
  const format = output.json && text === 'csv' ? 'ndjson' : text
  if (format !== 'csv' && format !== 'ndjson' && format !== 'parquet') {
    throw usageError(`--format must be csv, ndjson or parquet, not "${format}".`)
  }
  if (amounts !== 'decimal' && amounts !== 'text') {
    throw usageError(`--amounts must be decimal or text, not "${amounts}".`)
  }
  return format
}

/** undefined: none was named. @throws CommandError */
function chosen({ accounts, transfers }: ExportOptions): Table | undefined {
  if (accounts === true && transfers === true) {
    throw usageError('Give --accounts or --transfers, or a directory for all tables.')
  }
  if (accounts === true) return TABLES.accounts
  return transfers === true ? TABLES.transfers : undefined
}

async function toOutput(
  { output }: Session,
  { table, format }: { readonly table: Table; readonly format: 'csv' | 'ndjson' },
  asked: Asked,
): Promise<void> {
  const form = TEXT_FORMS[format]
  output.raw(form.head(table))
  await eachRow([table], asked, async (_table, row) => {
    output.raw(form.row(row))
    await output.drained()
  })
}

interface ToFiles extends Omit<ExportOptions, 'format'> {
  readonly format: Format
  readonly out: string
  readonly interruption: AbortSignal
}

async function toFiles(session: Session, options: ToFiles, asked: Asked): Promise<void> {
  const { out, format, force = false, amounts, interruption } = options
  const files = filesOf(session.path(out), options)
  const progress = new ProgressLine(session.output.terminal)
  const counts = new Map([...files.keys()].map((table) => [table, 0]))
  const amountsAsText = amounts === 'text'
  try {
    await exportFiles({ format, files, force, amountsAsText }, (put) =>
      eachRow([...files.keys()], asked, (table, row) => {
        interruption.throwIfAborted()
        counts.set(table, (counts.get(table) ?? 0) + 1)
        progress.draw(() => rowsText([...counts.values()].reduce((sum, count) => sum + count, 0)))
        return put(table, row)
      }),
    )
  } finally {
    progress.clear()
  }
  for (const [table, path] of files) {
    session.output.note(`${rowsText(counts.get(table) ?? 0)} in ${path}`)
  }
}

const rowsText = (count: number): string => `${countText(count)} rows`

/** A directory gets all tables, unless one was named. */
function filesOf(path: string, { out, format, ...options }: ToFiles): Map<Table, string> {
  const table = chosen({ ...options, format })
  const isDirectory = /[/\\]$/.test(out) || (existsSync(path) && statSync(path).isDirectory())
  if (!isDirectory) return new Map([[table ?? TABLES.entries, path]])
  const tables = table === undefined ? Object.values<Table>(TABLES) : [table]
  return new Map(tables.map((each) => [each, join(path, `${each.name}.${format}`)]))
}

/** Every account once, and of each what the tables have of it: so its entries are those of the balances beside them, also while money moves. */
async function eachRow(
  tables: readonly Table[],
  asked: Asked,
  put: (table: Table, row: Row) => void | Promise<void>,
): Promise<void> {
  for await (const account of accountsOf(asked)) {
    for (const table of tables) {
      for await (const row of table.rowsOf(account, asked)) await put(table, row)
    }
  }
}
