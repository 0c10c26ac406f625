/** `tally verify`: holds a data directory to everything that must be true of it. */
import { statSync } from 'node:fs'
import type { Command } from 'commander'
import type { OpenProgress, TrialBalance, VerifyReport } from '@tallystick/engine'
import { AssetRegistry, formatAsset } from '@tallystick/money'
import { ExitCode } from '../exit-code.ts'
import { usageError } from '../failure.ts'
import { examples } from '../help.ts'
import { amountText, countText } from '../output/money-text.ts'
import type { Output } from '../output/output.ts'
import { bar, leftText, ProgressLine, rateText } from '../output/progress.ts'
import { pairsText, tableText } from '../output/table.ts'
import type { Shell } from '../shell.ts'
import { withPolicy } from './log-policy.ts'
import { type AgainstOptions, heldAgainst } from './verify-against.ts'

const STAGES: Readonly<Record<OpenProgress['stage'], string>> = {
  verify: 'events decided again',
  replay: 'events on top of a snapshot',
  snapshot: 'pages of the snapshot',
  ids: 'ids',
}

export function addVerify(program: Command, shell: Shell): void {
  withPolicy(program.command('verify [directory]'))
    .description(
      'Verify a data directory (TALLY_DATA, else ./data): checksums, links, decisions, indexes, invariants.',
    )
    .option(
      '--against <source>',
      'hold it against a backup, another data directory, a checkpoint in a file, or the address of a log, too',
    )
    .option('--endpoint <url>', 'of an S3-compatible store (AWS_ENDPOINT_URL)')
    .option(
      '--all-statements',
      'make the tree over all accounts again for every statement, however many there are',
    )
    .addHelpText(
      'after',
      `${examples(
        'tally verify',
        'tally verify /var/lib/tally --json',
        'tally verify /var/lib/tally --against s3://backups/ledger',
        'tally verify /var/lib/tally --against 2026-11-25.checkpoint --log-key ledger.example/log+5202289b+Af/cLU2Y5BJN…',
        'tally verify restored --against https://ledger.example',
      )}\n\nNothing is changed, and a server may run meanwhile. Ends with code 4 when anything is wrong.`,
    )
    .action(
      shell.action<AgainstOptions & { readonly allStatements?: boolean }>(
        async (session, options, directory) => {
          const { output } = session
          const path = session.data(directory)
          if (!isDirectory(path)) throw usageError(`There is no directory ${path}.`)
          const { against, allStatements = false } = options
          const report = await verify(path, output, allStatements)
          const book = { directory: path, sequence: report.lastSequence }
          const held =
            against === undefined
              ? undefined
              : await heldAgainst(session, { ...options, against }, book)
          const { comparison } = held ?? {}
          output.answer({ object: 'verification', directory: path, ...report, comparison }, () =>
            [reportText(output, path, report), ...(held === undefined ? [] : [held.text])].join(
              '\n\n',
            ),
          )
          return report.sound && held?.agrees !== false ? ExitCode.ok : ExitCode.corrupt
        },
      ),
    )
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

async function verify(
  directory: string,
  output: Output,
  allStatements: boolean,
): Promise<VerifyReport> {
  // The engine takes a while to load; only this command and dry runs need it.
  const { verifyLedger } = await import('@tallystick/engine')
  const line = new ProgressLine(output.terminal)
  const began = performance.now()
  try {
    return await verifyLedger({
      directory,
      ...(allStatements ? { statementLeavesMax: Number.POSITIVE_INFINITY } : {}),
      onProgress: (progress) => line.draw(() => progressOf(progress, performance.now() - began)),
    })
  } finally {
    line.clear()
  }
}

function progressOf({ stage, done, total }: OpenProgress, ms: number): string {
  const rate = ms > 0 ? done / (ms / 1000) : 0
  const left = rate > 0 && done < total ? `   ${leftText((total - done) / rate)}` : ''
  return `${countText(done)} of ${countText(total)} ${STAGES[stage]}  ${bar(done, total)}  ${rateText(rate)}/s${left}`
}

function reportText(output: Output, directory: string, report: VerifyReport): string {
  const { problems, problemCount, trialBalances, contentHash, stateHash } = report
  const pairs = pairsText(output, [
    ['directory', directory],
    ['journal', `${countText(report.bytes)} bytes in ${countText(report.frames)} frames`],
    ['events', `${countText(report.events)} of ${countText(report.requests)} requests`],
    ['accounts', countText(report.accounts)],
    ['open holds', countText(report.openHolds)],
    ...(report.statements.found === 0
      ? []
      : [['statements', statementsText(report.statements)] as const]),
    ...(contentHash === undefined ? [] : [['content hash', contentHash] as const]),
    ...(stateHash === undefined ? [] : [['state hash', stateHash] as const]),
  ])
  const parts = [pairs]
  if (trialBalances.length > 0) parts.push(trialBalanceText(output, trialBalances))
  if (report.sound) return [...parts, output.style('green', 'Everything agrees.')].join('\n\n')
  const lines = problems.map(({ kind, sequence, text }) =>
    [output.style('red', kind), sequence === undefined ? '' : `event ${sequence}:`, text]
      .filter((word) => word !== '')
      .join('  '),
  )
  const head = output.style('red', `${countText(problemCount)} found:`)
  const more = problemCount > problems.length ? [`and ${problemCount - problems.length} more`] : []
  return [...parts, [head, ...lines, ...more].join('\n')].join('\n\n')
}

/** On all accounts: a sentence where not all of them were looked at. */
function statementsText({ found, madeAgain }: VerifyReport['statements']): string {
  if (madeAgain === found) return `${countText(found)} on all accounts, each made again`
  return `${countText(found)} on all accounts; the newest and ${countText(madeAgain - 1)} others by lot were made again (--all-statements: all)`
}

function trialBalanceText(output: Output, balances: readonly TrialBalance[]): string {
  const rows = balances.map((each) => {
    const known = AssetRegistry.iso.byNumber(each.asset)
    // A registered asset has its name in the book; a number is enough to see that both sides agree.
    const asset = known === undefined ? `${each.asset}` : formatAsset(known)
    const text = (minor: bigint): string =>
      known === undefined ? countText(minor) : amountText(minor, asset)
    return [
      asset,
      countText(each.accounts),
      text(each.debitsPosted),
      text(each.creditsPosted),
      text(each.debitsPending),
      text(each.creditsPending),
    ]
  })
  const titles = ['accounts', 'debits', 'credits', 'debits held', 'credits held']
  const columns = [{ title: 'asset' }, ...titles.map((title) => ({ title, right: true }))]
  return tableText(output, columns, rows)
}
