/** `tally audit`: who did or tried what, as a table, as CSV or lines of JSON, and as a receipt that proves one record. */
import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import type { AuditQuery, AuditRecord } from '@tallystick/sdk'
import { csvLine } from '../export/text-rows.ts'
import type { Cell } from '../export/tables.ts'
import { usageError } from '../failure.ts'
import { examples } from '../help.ts'
import type { Output } from '../output/output.ts'
import { tableText } from '../output/table.ts'
import { wireText } from '../output/wire-text.ts'
import type { Session } from '../session.ts'
import type { Shell } from '../shell.ts'
import { timeText } from './show.ts'
import { type PeriodOptions, periodOf, withPeriod } from './statement.ts'
import { wholeNumber } from './write-options.ts'

const ROWS_DEFAULT = 50
const ROWS_MAX = 1_000_000
const PAGE_ROWS = 1_000

interface AuditOptions extends PeriodOptions {
  readonly principal?: string
  readonly action?: string
  readonly result?: string
  readonly source?: string
  readonly limit?: string
  readonly format?: string
}

export function addAudit(program: Command, shell: Shell): void {
  const audit = withPeriod(program.command('audit'))
    .description('Show changes of rights and attempts that were turned away, newest first.')
    .option('--principal <name>', 'who did or tried it, or on whose behalf')
    .option('--action <operation>', 'like createTransfer')
    .option('--result <result>', 'accepted, unauthenticated, forbidden, not_found, rate_limited, …')
    .option('--source <address>', 'from where')
    .option('--limit <number>', `records (default: ${ROWS_DEFAULT}; with --format: all)`)
    .option('--format <format>', 'csv or ndjson, for others to read')
    .addHelpText(
      'after',
      examples(
        'tally audit --result forbidden',
        'tally audit --principal acme --month 2026-11 --format csv > november.csv',
        'tally audit receipt 4711 --out attempt.tlog-proof',
      ),
    )
    .action(shell.action<AuditOptions>(showAudit))
  audit
    .command('receipt <sequence>')
    .description('Get the proof that a record is in the log, for tally-verify receipt.')
    .option('--out <file>', 'write it there')
    .action(
      shell.action<{ out?: string }>(async (session, { out }, sequence = '') => {
        if (!/^[1-9]\d{0,15}$/.test(sequence)) {
          throw usageError(`${JSON.stringify(sequence)} is no sequence: tally audit lists them.`)
        }
        const receipt = await session.tally.audit.receipt(BigInt(sequence))
        if (out === undefined) session.output.raw(receipt)
        else writeFileSync(session.path(out), receipt)
      }),
    )
}

async function showAudit({ tally, output }: Session, options: AuditOptions): Promise<void> {
  const { format = output.json ? 'ndjson' : undefined, limit } = options
  if (format !== undefined && format !== 'csv' && format !== 'ndjson') {
    throw usageError(`--format must be csv or ndjson, not "${format}".`)
  }
  const fallback = format === undefined ? ROWS_DEFAULT : ROWS_MAX
  const most =
    limit === undefined ? fallback : wholeNumber(limit, '--limit', { min: 1, max: ROWS_MAX })
  const rows = tally.audit.list({ ...queryOf(options), limit: Math.min(most, PAGE_ROWS) })
  if (format === undefined) return output.raw(`${auditText(output, await firstOf(rows, most))}\n`)
  if (format === 'csv') output.raw(csvLine(Object.keys(COLUMNS)))
  let count = 0
  for await (const row of rows) {
    if (count++ >= most) return
    const cells = Object.values(COLUMNS).map((cellOf) => cellOf(row))
    output.raw(format === 'csv' ? csvLine(cells) : `${wireText(row)}\n`)
    await output.drained()
  }
}

function queryOf(options: AuditOptions): AuditQuery {
  const { principal, action, result, source } = options
  return {
    ...periodOf(options),
    ...(principal === undefined ? {} : { principal }),
    ...(action === undefined ? {} : { action }),
    ...(result === undefined ? {} : { result }),
    ...(source === undefined ? {} : { source }),
  }
}

async function firstOf<Row>(rows: AsyncIterable<Row>, most: number): Promise<Row[]> {
  const first: Row[] = []
  for await (const row of rows) {
    first.push(row)
    if (first.length >= most) break
  }
  return first
}

const COLUMNS: Readonly<Record<string, (row: AuditRecord) => Cell>> = {
  sequence: ({ sequence }) => sequence,
  timestamp: ({ timestamp }) => timestamp,
  first_at: ({ firstAt }) => firstAt,
  last_at: ({ lastAt }) => lastAt,
  principal: ({ principal }) => principal,
  key_id: ({ keyId }) => keyId,
  initiator: ({ initiator }) => initiator,
  source: ({ source }) => source,
  action: ({ action }) => action,
  result: ({ result }) => result,
  count: ({ count }) => count,
  request_id: ({ requestId }) => requestId,
}

function auditText(output: Output, rows: readonly AuditRecord[]): string {
  const titles = ['sequence', 'last', 'who', 'for', 'from', 'action', 'result', 'times']
  const columns = titles.map((title) => ({ title }))
  const cells = rows.map((row) => [
    ...[String(row.sequence), timeText(row.lastAt), row.principal ?? '?', row.initiator ?? ''],
    ...[row.source, row.action, row.result, String(row.count)],
  ])
  return tableText(output, columns, cells)
}
