/** `tally statement`: opening balance, entries and closing balance of a period, as a table, CSV or JSON. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Command } from 'commander'
import type { Entry, Statement, StatementQuery } from '@tallystick/sdk'
import { accountText, verifyStatement } from '@tallystick/verify'
import { ExitCode } from '../exit-code.ts'
import { usageError } from '../failure.ts'
import { examples } from '../help.ts'
import { momentOf, monthOf, type Period } from '../moment.ts'
import { amountText, countText, moneyText } from '../output/money-text.ts'
import type { Output } from '../output/output.ts'
import { tableText } from '../output/table.ts'
import type { Session } from '../session.ts'
import type { Shell } from '../shell.ts'
import { axisOf } from './balance.ts'
import { logPolicy, type PolicyOptions, withPolicy } from './log-policy.ts'
import { metadataText, timeText } from './show.ts'

export interface PeriodOptions {
  readonly month?: string
  readonly from?: string
  readonly to?: string
  readonly timeZone: string
}

interface StatementOptions extends PeriodOptions, PolicyOptions {
  readonly by?: string
  readonly format?: string
  readonly proved?: true
}

export function withPeriod(command: Command): Command {
  return command
    .option('--month <month>', 'like 2026-11')
    .option('--from <time>', 'first moment that counts')
    .option('--to <time>', 'first moment that no longer counts')
    .option('--time-zone <zone>', 'of months and of times that name none', 'UTC')
}

/** @throws CommandError */
export function periodOf({ month, from, to, timeZone }: PeriodOptions): Period {
  if (month !== undefined) {
    if (from !== undefined || to !== undefined) {
      throw usageError('Give --month, or --from and --to, not both.')
    }
    return monthOf(month, timeZone)
  }
  return {
    ...(from === undefined ? {} : { from: momentOf(from, timeZone) }),
    ...(to === undefined ? {} : { to: momentOf(to, timeZone) }),
  }
}

export function addStatement(program: Command, shell: Shell): void {
  withPolicy(withPeriod(program.command('statement <address>')))
    .description(
      'Show the statement of an account for a period, or make a page of it that proves itself.',
    )
    .option('--by <axis>', 'ledger: when it was decided; effective: the value date', 'ledger')
    .option('--format <format>', 'table, csv or json', 'table')
    .option('--proved', 'one HTML file that checks itself when anyone opens it, offline')
    .addHelpText(
      'after',
      `${examples(
        'tally statement users:1042:wallet --month 2026-11',
        'tally statement users:1042:wallet --from 2026-11-01 --to 2026-11-08 --by effective',
        'tally statement users:1042:wallet --month 2026-11 --format csv > november.csv',
        'tally statement users:1042:wallet --from 2026-11-01 --to 2026-12-01 --proved > statement.html',
      )}\n\nA page is verified here before it is written: without --log-key, the keys count that this client has seen the log with. When it proves nothing, nothing is written, and the command ends with code 6.`,
    )
    .action(
      shell.action<StatementOptions>(async (session, options, address = '') => {
        if (options.proved === true) return provedStatement(session, options, address)
        const { tally, output } = session
        const query: StatementQuery = { ...periodOf(options), by: axisOf(options.by) }
        const format = output.json ? 'json' : (options.format ?? 'table')
        if (format === 'csv') {
          output.raw(await tally.accounts.statementCsv(address, query))
          return
        }
        const statement = await tally.accounts.statement(address, query)
        if (format === 'table') output.line(statementText(output, statement))
        else if (format === 'json') output.jsonLine(statement)
        else throw usageError(`--format must be table, csv or json, not "${format}".`)
      }),
    )
}

async function provedStatement(
  session: Session,
  options: StatementOptions,
  address: string,
): Promise<ExitCode> {
  const { output, tally } = session
  if (output.json || options.format !== 'table') {
    throw usageError('--proved makes a page: it goes with no other format.')
  }
  if (axisOf(options.by) === 'effective') {
    throw usageError('What is proved is in the order of ledger time: leave out --by.')
  }
  const html = await tally.accounts.statementHtml(address, periodOf(options))
  const report = await verifyStatement(html, await logPolicy(session, options), ownVerifier())
  if (!report.proved) {
    output.note(accountText(report))
    return ExitCode.notProved
  }
  output.raw(html)
  return ExitCode.ok
}

/** The script that a page of this version has. */
function ownVerifier(): string {
  const { resolve } = createRequire(import.meta.url)
  return readFileSync(resolve('@tallystick/verify/browser'), 'utf8')
}

const COLUMNS = [
  { title: 'no.', right: true },
  { title: 'date' },
  { title: 'counterparty' },
  { title: 'debit', right: true },
  { title: 'credit', right: true },
  { title: 'balance', right: true },
  { title: 'metadata' },
]

function statementText(output: Output, statement: Statement): string {
  const { account, asset, by, from, to, opening, closing, totals } = statement
  const edge = (word: string, balance: bigint): string[] => [
    '',
    '',
    output.style('bold', word),
    '',
    '',
    output.style('bold', amountText(balance, asset)),
    '',
  ]
  const rows = [
    edge('opening balance', opening.balance),
    ...statement.entries.map((entry) => entryCells(entry, asset, by)),
    edge('closing balance', closing.balance),
  ]
  const period = `${from === null ? 'from the beginning' : timeText(from)} to ${timeText(to)}`
  const foot = `${countText(totals.entries)} entries   debits ${moneyText(totals.debits, asset)}   credits ${moneyText(totals.credits, asset)}`
  const axis = by === 'effective' ? ', by value date' : ''
  const head = `${output.style('bold', account)}  ${asset}  ${period}${axis}`
  return `${head}\n\n${tableText(output, COLUMNS, rows)}\n\n${foot}`
}

function entryCells(entry: Entry, asset: string, by: string): string[] {
  const amount = amountText(entry.amount, asset)
  return [
    entry.number.toString(),
    timeText(by === 'effective' ? entry.effectiveAt : entry.timestamp),
    entry.counterparty,
    entry.direction === 'debit' ? amount : '',
    entry.direction === 'credit' ? amount : '',
    amountText(entry.balance, asset),
    metadataText(entry.metadata),
  ]
}
