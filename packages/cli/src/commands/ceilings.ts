/** `tally ceilings`: how much a principal may move. */
import type { Ceiling } from '@tallystick/sdk'
import type { Command } from 'commander'

import { usageError } from '../failure.ts'
import { examples } from '../help.ts'
import { amountOf, moneyText } from '../output/money-text.ts'
import type { Output } from '../output/output.ts'
import { tableText } from '../output/table.ts'
import type { Session } from '../session.ts'
import type { Shell } from '../shell.ts'
import { timeText } from './show.ts'
import { type AmountOptions, wholeNumber, withAmount } from './write-options.ts'

interface CreateOptions extends AmountOptions {
  readonly perTransfer?: string
  readonly perDay?: string
  readonly countPerDay?: string
  readonly at?: readonly string[]
}

const COUNT_MAX = 999_999_999_999

export function addCeilings(program: Command, shell: Shell): void {
  const ceilings = program
    .command('ceilings')
    .description('Bound what a principal may move, by transfer or by day.')
    .addHelpText('after', examples(CREATE_EXAMPLE, 'tally ceilings list acme'))
  withAmount(ceilings.command('create <principal>'))
    .description('Set ceilings; each option makes one.')
    .option('--per-transfer <amount>', 'the most that one transfer or hold may take')
    .option('--per-day <amount>', 'the most that all of a day (UTC) may take together')
    .option('--count-per-day <number>', 'how many transfers and holds there may be in a day')
    .option('--at <addresses...>', 'accounts that the money leaves, like partners:acme:*')
    .addHelpText(
      'after',
      examples(CREATE_EXAMPLE, 'tally ceilings create acme --count-per-day 500'),
    )
    .action(shell.action(createCeilings))
  ceilings
    .command('list [principal]')
    .description('List ceilings with what is left of them today.')
    .action(
      shell.action(async ({ tally, output }, _options, principal = '') => {
        const query = principal === '' ? {} : { principal }
        const found = await Array.fromAsync(tally.ceilings.list(query))
        output.answer({ ceilings: found }, () => ceilingsText(output, found))
      }),
    )
  ceilings
    .command('revoke <id>')
    .description('Lift a ceiling.')
    .action(
      shell.action(async ({ tally, output }, _options, id = '') => {
        const change = await tally.ceilings.revoke(id)
        output.answer(change, () => `${change.name} is lifted.`)
      }),
    )
}

const CREATE_EXAMPLE =
  "tally ceilings create acme --per-day 5000.00 --asset EUR/2 --at 'partners:acme:*'"

async function createCeilings(
  { tally, output }: Session,
  options: CreateOptions,
  principal = '',
): Promise<void> {
  const { perTransfer, perDay, countPerDay, asset, minor = false, at } = options
  const of = (text: string): { asset: string; limit: bigint } => {
    if (asset === undefined) throw usageError('An amount needs --asset, like --asset EUR/2.')
    return { asset, limit: amountOf(text, asset, { minor }) }
  }
  const asked = [
    ...(perTransfer === undefined
      ? []
      : [{ measure: 'transfer_amount' as const, ...of(perTransfer) }]),
    ...(perDay === undefined ? [] : [{ measure: 'daily_amount' as const, ...of(perDay) }]),
    ...(countPerDay === undefined ? [] : [countOf(countPerDay, asset)]),
  ]
  if (asked.length === 0) {
    throw usageError('Give --per-transfer, --per-day or --count-per-day.')
  }
  const made: Ceiling[] = []
  for (const each of asked) {
    const addresses = at === undefined ? {} : { addresses: at }
    made.push(await tally.ceilings.create({ principal, ...each, ...addresses }))
  }
  output.answer({ ceilings: made }, () => ceilingsText(output, made))
}

function countOf(text: string, asset: string | undefined) {
  const limit = BigInt(wholeNumber(text, '--count-per-day', { min: 0, max: COUNT_MAX }))
  const ofAsset = asset === undefined ? {} : { asset }
  return { measure: 'daily_count' as const, limit, ...ofAsset }
}

const MEASURES = {
  transfer_amount: 'a transfer',
  daily_amount: 'a day',
  daily_count: 'transfers a day',
} as const

function ceilingsText(output: Output, ceilings: readonly Ceiling[]): string {
  const titles = ['id', 'principal', 'at most', 'per', 'out of', 'left', 'until', 'state']
  const rows = ceilings.map((ceiling) => {
    const { id, principal, measure, asset, limit, addresses, available, resetsAt } = ceiling
    const shown = (value: bigint): string =>
      measure === 'daily_count' || asset === null ? `${value}` : moneyText(value, asset)
    const per = `${MEASURES[measure]}${measure === 'daily_count' && asset !== null ? ` of ${asset}` : ''}`
    return [
      ...[id, principal, shown(limit), per, addresses.join(' '), shown(available)],
      ...[resetsAt === null ? '' : timeText(resetsAt)],
      ceiling.revokedAt === null ? 'binds' : 'lifted',
    ]
  })
  return tableText(
    output,
    titles.map((title) => ({ title })),
    rows,
  )
}
