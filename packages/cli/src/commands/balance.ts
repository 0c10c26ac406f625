/** `tally balance` and `tally totals`. */
import type { Command } from 'commander'
import type { Balance } from '@tallystick/sdk'
import { usageError } from '../failure.ts'
import { examples } from '../help.ts'
import { momentOf } from '../moment.ts'
import { amountText, countText, moneyText } from '../output/money-text.ts'
import type { Output } from '../output/output.ts'
import { pairsText, tableText } from '../output/table.ts'
import type { Session } from '../session.ts'
import type { Shell } from '../shell.ts'
import { balanceText, timeText } from './show.ts'
import { wholeNumber } from './write-options.ts'

interface BalanceOptions {
  readonly at?: string
  readonly by?: string
  readonly timeZone: string
}

/** @throws CommandError unless it is one of the two axes of time. */
export function axisOf(by: string | undefined): 'ledger' | 'effective' {
  if (by === undefined || by === 'ledger') return 'ledger'
  if (by === 'effective') return 'effective'
  throw usageError(`--by must be ledger or effective, not "${by}".`)
}

export function addBalance(program: Command, shell: Shell): void {
  program
    .command('balance <address>')
    .description('Show a balance, now or as it was right after a moment.')
    .option('--at <time>', 'a moment: 2026-11-15, 2026-11-15T09:00:00Z')
    .option('--by <axis>', 'ledger: when it was decided; effective: the value date', 'ledger')
    .option('--time-zone <zone>', 'of times that name none', 'UTC')
    .addHelpText(
      'after',
      examples(
        'tally balance users:1042:wallet',
        'tally balance users:1042:wallet --at 2026-11-15 --by effective',
        'tally balance users:1042:wallet --json | jq -r .balances.balance',
      ),
    )
    .action(
      shell.action<BalanceOptions>(async ({ tally, output }, options, address = '') => {
        const { at, timeZone } = options
        const by = axisOf(options.by)
        const moment = at === undefined ? {} : { at: momentOf(at, timeZone) }
        const balance = await tally.accounts.balance(address, { by, ...moment })
        output.answer(balance, () => balanceAtText(output, balance))
      }),
    )
}

function balanceAtText(
  output: Output,
  { account, asset, at, by, balances, entries }: Balance,
): string {
  const { debitsPending, creditsPending, available } = balances
  const held = (pending: bigint | null): string =>
    pending === null || pending === 0n ? '' : ` and ${moneyText(pending, asset)} held`
  return pairsText(output, [
    ['account', output.style('bold', account)],
    ['balance', balanceText(output, balances.balance, asset)],
    ['available', available === null ? 'no limit' : moneyText(available, asset)],
    ['credits', `${moneyText(balances.creditsPosted, asset)}${held(creditsPending)}`],
    ['debits', `${moneyText(balances.debitsPosted, asset)}${held(debitsPending)}`],
    ['entries', countText(entries)],
    ['at', `${timeText(at)}${by === 'effective' ? ' by value date' : ''}`],
  ])
}

interface TotalsOptions {
  readonly groupBy: string
}

export function addTotals(program: Command, shell: Shell): void {
  program
    .command('totals [prefix]')
    .description(
      'Show totals by address segment and asset; over all accounts of an asset they are zero.',
    )
    .option('--group-by <segments>', 'leading segments that make a group; 0: all in one', '1')
    .addHelpText(
      'after',
      examples('tally totals', 'tally totals users --group-by 2', 'tally totals --group-by 0'),
    )
    .action(
      shell.action<TotalsOptions>((session, options, prefix) => totals(session, options, prefix)),
    )
}

async function totals(
  { tally, output }: Session,
  options: TotalsOptions,
  prefix: string | undefined,
): Promise<void> {
  const groupBy = wholeNumber(options.groupBy, '--group-by', { min: 0, max: 16 })
  const query = { groupBy, limit: 1_000, ...(prefix === undefined ? {} : { prefix }) }
  const found = await tally.balances.totals(query).toArray()
  if (output.json) {
    for (const row of found) output.jsonLine(row)
    return
  }
  const rows = found.map((row) => [
    row.group,
    row.asset,
    countText(row.accounts),
    amountText(row.creditsPosted, row.asset),
    amountText(row.debitsPosted, row.asset),
    balanceText(output, row.balance, row.asset),
  ])
  const columns = [
    { title: 'group' },
    { title: 'asset' },
    ...['accounts', 'credits', 'debits', 'balance'].map((title) => ({ title, right: true })),
  ]
  output.line(rows.length === 0 ? 'No accounts.' : tableText(output, columns, rows))
}
