/** `tally import`: a CSV of bookings into accounts and transfers. */
import { basename } from 'node:path'
import type { Command } from 'commander'
import { parseDecimal } from '@tallystick/money'
import { ExitCode } from '../exit-code.ts'
import { usageError } from '../failure.ts'
import { examples } from '../help.ts'
import { type CheckResult, type Difference, sizeOf } from '../import/balance-check.ts'
import type { BookingTarget } from '../import/booking-target.ts'
import { ImportState, importDigest } from '../import/import-state.ts'
import { readMap } from '../import/map-file.ts'
import { factsOf, type FileFacts } from '../import/row-reader.ts'
import { type ImportOptions, type ImportResult, runImport } from '../import/run-import.ts'
import { ServerTarget } from '../import/server-target.ts'
import { assetOf, countText, moneyText } from '../output/money-text.ts'
import { bar, ProgressLine, progressText, rateText } from '../output/progress.ts'
import type { Session } from '../session.ts'
import type { Shell } from '../shell.ts'

interface ImportCommandOptions {
  readonly map: string
  readonly checkBalance?: string
  readonly tolerance?: string
  readonly dryRun?: boolean
  readonly resume?: boolean
  readonly report?: string
  readonly state?: string
}

export function addImport(program: Command, shell: Shell): void {
  program
    .command('import <file>')
    .description(
      'Import a CSV of bookings. The same row again does nothing, so an import can be repeated.',
    )
    .requiredOption('--map <map>', 'mapping file (JSON), or the name of a built-in one: bank')
    .option(
      '--check-balance <column>',
      "hold this column against the ledger's balance after each row",
    )
    .option('--tolerance <amount>', 'largest difference that is still well, like 0.80')
    .option('--dry-run', 'into an empty ledger in memory; nothing is sent')
    .option('--resume', 'go on behind the rows that an interrupted import had answers for')
    .option('--report <file>', 'where refused rows go (default: FILE.refused.csv, here)')
    .option(
      '--state <file>',
      'where progress is kept until the end (default: FILE.import.json, here)',
    )
    .addHelpText(
      'after',
      `${examples(
        'tally sample bank > bookings.csv',
        'tally import bookings.csv --map bank --check-balance balance_after --dry-run',
        'tally import bookings.csv --map bank --check-balance balance_after --tolerance 0.80',
        'tally import export.csv --map my-bank.json --resume',
      )}\n\nA map, and what it can say: examples/bank.json and docs/cli.md.`,
    )
    .action(
      shell.action<ImportCommandOptions>((session, options, file = '') =>
        importFile(session, options, file),
      ),
    )
}

async function importFile(
  session: Session,
  options: ImportCommandOptions,
  file: string,
): Promise<ExitCode> {
  const { map: mapName, dryRun = false, resume = false } = options
  const path = session.path(file)
  const { map, text } = readMap(mapName, session.path(mapName))
  const facts = await factsOf(path)
  const target = await targetOf(session, dryRun)
  const digest = importDigest({ path, facts, map: text, url: session.url })
  const statePath = session.path(options.state ?? `${basename(file)}.import.json`)
  const reportPath = session.path(options.report ?? `${basename(file)}.refused.csv`)
  const progress = new ProgressLine(session.output.terminal)
  try {
    const result = await runImport({
      ...{ path, map, target, resume, reportPath, isQuoted: facts.isQuoted },
      checkBalance: options.checkBalance,
      state: dryRun ? undefined : new ImportState(statePath, digest),
      onProgress: drawer(progress, facts),
    })
    progress.clear()
    const summary = {
      ...summaryOf(result),
      dryRun: dryRun ? true : undefined,
      report: result.refused > 0 ? reportPath : undefined,
    }
    session.output.answer(summary, () => summaryLine(result))
    notes(session, result, { reportPath, dryRun })
    return isWell(result, options) ? ExitCode.ok : ExitCode.refused
  } finally {
    progress.clear()
    await target.close()
  }
}

async function targetOf(session: Session, dryRun: boolean): Promise<BookingTarget> {
  if (!dryRun) return new ServerTarget(session.tally)
  // The engine takes a while to load, and a dry run alone needs it.
  const { MemoryTarget } = await import('../import/memory-target.ts')
  return MemoryTarget.open()
}

function drawer(line: ProgressLine, facts: FileFacts): ImportOptions['onProgress'] {
  const started = performance.now()
  return ({ stage, done, total = facts.rows }) =>
    line.draw(() => {
      const seconds = (performance.now() - started) / 1000
      if (stage === 'rows') return progressText({ done, total, seconds, unit: 'rows' })
      return `${countText(done)} of ${countText(total)} balances  ${bar(done, total)}`
    })
}

function summaryOf(result: ImportResult) {
  const { rows, skipped, seconds, check, reasons } = result
  return {
    object: 'bookings_import',
    rows,
    skipped,
    created: result.created,
    existed: result.existed,
    refused: result.refused,
    reasons: Object.fromEntries(reasons),
    accountsOpened: result.accountsOpened,
    accountsRefused: result.accountsRefused,
    seconds: Number(seconds.toFixed(3)),
    rowsPerSecond: Math.round(rateOf(result)),
    check: check && {
      ...check,
      largest: check.largest.map((each) => ({ ...each, difference: sizeOf(each) })),
    },
  }
}

const rateOf = ({ rows, skipped, seconds }: ImportResult): number =>
  seconds > 0 ? (rows - skipped) / seconds : 0

/** `49,061 of 49,061 rows  ████████████████████  61,000 rows/s   0 refused   largest difference 0.80 CZK` */
function summaryLine(result: ImportResult): string {
  const { rows, created, existed, refused, check } = result
  const parts = [
    `${countText(created + existed)} of ${countText(rows)} rows  ${bar(created + existed, rows)}  ${rateText(rateOf(result))} rows/s`,
    `${countText(refused)} refused`,
    ...(existed > 0 ? [`${countText(existed)} were there before`] : []),
    ...(check === undefined ? [] : [differenceText(check)]),
  ]
  return parts.join('   ')
}

function differenceText({ largest, rows }: CheckResult): string {
  if (rows === 0) return 'no balance to check'
  if (largest.length === 0) return 'all balances agree'
  return `largest difference ${largest.map((each) => moneyText(sizeOf(each), each.asset)).join(', ')}`
}

function notes(
  session: Session,
  { refused, reasons, accountsRefused, check, skipped }: ImportResult,
  { reportPath, dryRun }: { readonly reportPath: string; readonly dryRun: boolean },
): void {
  const { output } = session
  if (dryRun) output.note('A dry run: nothing was sent.')
  if (skipped > 0) output.note(`Went on behind row ${countText(skipped)}.`)
  if (refused > 0) {
    const why = reasons.map(([reason, count]) => `${countText(count)} ${reason}`).join(', ')
    output.note(`Refused: ${why}. The rows are in ${reportPath}.`)
  }
  for (const { address, status } of accountsRefused.slice(0, 10)) {
    output.note(`Account ${address} is there already, otherwise than the map says (${status}).`)
  }
  if (accountsRefused.length > 10) output.note(`And ${accountsRefused.length - 10} more accounts.`)
  if (check === undefined) return
  if (check.missing > 0)
    output.note(`${countText(check.missing)} rows have no entry in the ledger.`)
  for (const each of check.largest) output.note(differenceNote(each))
}

function differenceNote({ row, account, expected, actual = 0n, asset }: Difference): string {
  return `Row ${countText(row)} differs most: ${account} has ${moneyText(actual, asset)}, the file says ${moneyText(expected, asset)}.`
}

function isWell({ refused, check }: ImportResult, { tolerance }: ImportCommandOptions): boolean {
  if (refused > 0) return false
  if (check === undefined) return true
  if (check.missing > 0) return false
  return check.largest.every((each) => isWithin(each, tolerance))
}

function isWithin(difference: Difference, tolerance: string | undefined): boolean {
  if (tolerance === undefined) return true
  const most = parseDecimal(tolerance, assetOf(difference.asset).scale)
  if (most === undefined)
    throw usageError(`--tolerance "${tolerance}" is no amount of ${difference.asset}.`)
  return sizeOf(difference) <= most
}
