/** `tally report`: what finance asks of the read models, as a table, CSV or JSON. */
import type { Command } from 'commander'
import type {
  AgedHoldsReport,
  BalancesReport,
  BalancesReportQuery,
  TopMoversReport,
  TurnoverReport,
} from '@tallystick/sdk'
import { usageError } from '../failure.ts'
import { examples } from '../help.ts'
import { momentOf } from '../moment.ts'
import { amountText, countText } from '../output/money-text.ts'
import type { Output } from '../output/output.ts'
import { tableText } from '../output/table.ts'
import type { Session } from '../session.ts'
import type { Shell } from '../shell.ts'
import { daysOf, groupingOf, stepOf } from './report-options.ts'
import { balanceText, timeText } from './show.ts'
import { type PeriodOptions, periodOf, withPeriod } from './statement.ts'

interface ReportOptions extends PeriodOptions {
  readonly csv?: true
  readonly at?: string
  readonly groupBy?: string
  readonly period?: string
  readonly asset?: string
  readonly limit?: string
}

export function addReport(program: Command, shell: Shell): void {
  const report = program
    .command('report')
    .description('Reports from the read models: a table, --csv, or --json.')
    .addHelpText(
      'after',
      examples(
        'tally report trial-balance',
        'tally report balances partners --at 2026-10-31T23:59:59.999999999Z --group-by 2',
        'tally report turnover --month 2026-11 --period week --time-zone Europe/Berlin',
        'tally report movers --asset EUR/2 --month 2026-11',
        'tally report aged-holds --csv > holds.csv',
      ),
    )
  addBalances(report, shell)
  addTurnover(report, shell)
  addMovers(report, shell)
  addAgedHolds(report, shell)
}

const csvOption = (command: Command): Command =>
  command.option('--csv', 'CSV, amounts in minor units')

/** Answers in the form that was asked for. */
async function answer<Report>(
  { output }: Session,
  { csv }: ReportOptions,
  make: {
    readonly csv: () => Promise<string>
    readonly report: () => Promise<Report>
    readonly show: (report: Report) => string
  },
): Promise<void> {
  if (csv === true) {
    if (output.json) throw usageError('Give --csv or --json, not both.')
    return output.raw(await make.csv())
  }
  const report = await make.report()
  output.answer(report, () => make.show(report))
}

function addBalances(report: Command, shell: Shell): void {
  csvOption(report.command('trial-balance'))
    .description('Show debits and credits of each asset over all accounts: they are equal.')
    .option('--at <time>', 'right after this moment; default: now')
    .option('--time-zone <zone>', 'of times that name none', 'UTC')
    .addHelpText('after', examples('tally report trial-balance --at 2026-10-31'))
    .action(
      shell.action<ReportOptions>((session, options) =>
        balances(session, options, { ...atOf(options), groupBy: 0 }),
      ),
    )
  csvOption(report.command('balances [prefix]'))
    .description('Show balances by address segments or code, at any moment.')
    .option('--at <time>', 'right after this moment; default: now')
    .option('--group-by <segments>', 'leading segments, 0: all in one; or code', '1')
    .option('--time-zone <zone>', 'of times that name none', 'UTC')
    .addHelpText(
      'after',
      examples(
        'tally report balances --group-by code',
        'tally report balances partners --group-by 2 --csv',
      ),
    )
    .action(
      shell.action<ReportOptions>((session, options, prefix) =>
        balances(session, options, { ...atOf(options), ...groupingOf(prefix, options.groupBy) }),
      ),
    )
}

const atOf = ({ at, timeZone }: ReportOptions): { readonly at?: string } =>
  at === undefined ? {} : { at: momentOf(at, timeZone) }

function balances(
  session: Session,
  options: ReportOptions,
  query: BalancesReportQuery,
): Promise<void> {
  const { reports } = session.tally
  return answer(session, options, {
    csv: () => reports.balancesCsv(query),
    report: () => reports.balances(query),
    show: (report) => balancesText(session.output, report),
  })
}

function addTurnover(report: Command, shell: Shell): void {
  csvOption(withPeriod(report.command('turnover [prefix]')))
    .description('Show opening, debits, credits and closing by day, week or month.')
    .option('--period <period>', 'day, week or month', 'day')
    .option('--group-by <segments>', 'leading segments, 0: all in one; or code', '1')
    .addHelpText(
      'after',
      examples(
        'tally report turnover --month 2026-11',
        'tally report turnover partners --from 2026-10-01 --to 2026-11-01 --period week --group-by 2',
      ),
    )
    .action(
      shell.action<ReportOptions>((session, options, prefix) => {
        const { groupBy, timeZone } = options
        const period = stepOf(options.period)
        const query = { ...daysOf(options), ...groupingOf(prefix, groupBy), period, timeZone }
        const { reports } = session.tally
        return answer(session, options, {
          csv: () => reports.turnoverCsv(query),
          report: () => reports.turnover(query),
          show: (found) => turnoverText(session.output, found),
        })
      }),
    )
}

function addMovers(report: Command, shell: Shell): void {
  csvOption(withPeriod(report.command('movers [prefix]')))
    .description('Show the accounts that moved most, by debits and credits together.')
    .requiredOption('--asset <asset>', 'like EUR/2')
    .option('--limit <accounts>', 'how many, up to 1000', '20')
    .addHelpText('after', examples('tally report movers --asset EUR/2 --month 2026-11 --limit 5'))
    .action(
      shell.action<ReportOptions>((session, options, prefix) => {
        const { asset = '', limit = '' } = options
        const { from, to } = periodOf(options)
        if (from === undefined || to === undefined) {
          throw usageError('Give --month, or --from and --to.')
        }
        if (!/^[1-9]\d{0,3}$/.test(limit)) throw usageError('--limit takes a number from 1 on.')
        const query = { asset, from, to, limit: Number(limit), ...groupingOf(prefix, undefined) }
        const { reports } = session.tally
        return answer(session, options, {
          csv: () => reports.topMoversCsv(query),
          report: () => reports.topMovers(query),
          show: (found) => moversText(session.output, found),
        })
      }),
    )
}

function addAgedHolds(report: Command, shell: Shell): void {
  csvOption(report.command('aged-holds'))
    .description('Show how much is held, by age.')
    .addHelpText('after', examples('tally report aged-holds'))
    .action(
      shell.action<ReportOptions>((session, options) => {
        const { reports } = session.tally
        return answer(session, options, {
          csv: () => reports.agedHoldsCsv(),
          report: () => reports.agedHolds(),
          show: (found) => agedHoldsText(session.output, found),
        })
      }),
    )
}

const right = (title: string): { title: string; right: true } => ({ title, right: true })

/** A report of some accounts says so: its totals are not those of the ledger. */
function withReach(text: string, addresses: readonly string[] | null): string {
  return addresses === null
    ? text
    : `${text}\n\nOnly ${addresses.join(', ')}: what this key may see.`
}

function balancesText(output: Output, { rows, totals, addresses }: BalancesReport): string {
  const columns = [
    ...[{ title: 'group' }, { title: 'asset' }, right('accounts'), right('debits')],
    ...[right('credits'), right('debits held'), right('credits held'), right('balance')],
  ]
  const cells = (group: string, row: BalancesReport['totals'][number]): string[] => [
    ...[group, row.asset, countText(row.accounts), amountText(row.debitsPosted, row.asset)],
    ...[row.creditsPosted, row.debitsPending, row.creditsPending].map((sum) =>
      amountText(sum, row.asset),
    ),
    balanceText(output, row.balance, row.asset),
  ]
  const total = output.style('bold', 'total')
  const isOne = rows.every(({ group }) => group === '')
  const lines = [
    ...(isOne ? [] : rows.map((row) => cells(row.group, row))),
    ...totals.map((row) => cells(total, row)),
  ]
  return withReach(tableText(output, columns, lines), addresses)
}

function turnoverText(output: Output, { rows, addresses, timeZone }: TurnoverReport): string {
  const columns = [
    ...[{ title: 'from' }, { title: 'to' }, { title: 'group' }, { title: 'asset' }],
    ...[right('opening'), right('debits'), right('credits'), right('closing')],
  ]
  const lines = rows.map(({ from, to, group, asset, opening, debits, credits, closing }) => [
    ...[dayText(from, timeZone), dayText(to, timeZone), group, asset],
    balanceText(output, opening, asset),
    ...[amountText(debits, asset), amountText(credits, asset)],
    balanceText(output, closing, asset),
  ])
  return withReach(tableText(output, columns, lines), addresses)
}

/** Periods begin at a midnight of the zone. */
const dayText = (time: string, timeZone: string): string =>
  Temporal.Instant.from(time).toZonedDateTimeISO(timeZone).toPlainDate().toString()

function moversText(output: Output, { asset, rows, addresses }: TopMoversReport): string {
  const columns = [{ title: 'account' }, right('debits'), right('credits')]
  const lines = rows.map(({ address, debits, credits }) => [
    ...[address, amountText(debits, asset), amountText(credits, asset)],
  ])
  return withReach(tableText(output, columns, lines), addresses)
}

const AGES = { '0': 'under 1 day', '1': '1 to 6 days', '7': '7 to 29 days', '30': '30 days on' }

function agedHoldsText(output: Output, { rows, addresses }: AgedHoldsReport): string {
  const columns = [
    ...[{ title: 'asset' }, { title: 'age' }, right('holds'), right('held'), { title: 'oldest' }],
  ]
  const lines = rows.map(({ asset, days, holds, remaining, oldest }) => [
    ...[asset, AGES[days], countText(holds), amountText(remaining, asset), timeText(oldest)],
  ])
  return withReach(tableText(output, columns, lines), addresses)
}
