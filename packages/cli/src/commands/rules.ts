/** `tally rules`: what watches the accounts, what it did, and what it would have done. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Backtest, Firing, PutRule, Rule, TriedFiring } from '@tallystick/sdk'
import type { Command } from 'commander'
import { usageError } from '../failure.ts'
import { examples } from '../help.ts'
import type { Output } from '../output/output.ts'
import { printable } from '../output/printable.ts'
import { pairsText, tableText } from '../output/table.ts'
import type { Session } from '../session.ts'
import type { Shell } from '../shell.ts'
import { barChart } from '../output/bar-chart.ts'
import { ruleOptions, type RuleOptions, ruleOf, whenText } from './rule-options.ts'
import { timeText } from './show.ts'

const LOW =
  "tally rules put low-wallets --at 'partners:*' --asset EUR/2 --available-below 10000 --rearm 20000"
const FROM = 'tally rules backtest low-wallets --from 2026-11-01T00:00:00Z'

const right = (title: string) => ({ title, right: true })
const left = (title: string) => ({ title })
const LIST_COLUMNS = [
  ...[left('rule'), right('version'), left('watches'), left('when'), left('does'), right('fired')],
]
const FIRING_COLUMNS = [
  ...[left('fired'), left('account'), right('measured'), right('threshold'), left('with')],
  ...[right('event'), left('frozen by')],
]

export function addRules(program: Command, shell: Shell): void {
  const rules = program
    .command('rules')
    .description('Rules that watch accounts: put, try on the past, see what they did.')
    .addHelpText('after', examples(LOW, FROM, 'tally rules firings low-wallets'))
  rules
    .command('list')
    .description('List rules.')
    .addHelpText('after', examples('tally rules list'))
    .action(shell.action(list))
  rules
    .command('show <id>')
    .description('Show a rule and its versions.')
    .addHelpText('after', examples('tally rules show low-wallets'))
    .action(shell.action(show))
  ruleOptions(rules.command('put <id>'))
    .description('Put a rule, or the next version of it.')
    .addHelpText(
      'after',
      examples(
        LOW,
        "tally rules put card-testing --at 'users:*' --count-above 20 --over 600 --freeze",
        'tally rules put near-limit --at partners:acme --subtree-limit-used 90',
        'tally rules put from-file --file rule.json',
      ),
    )
    .action(
      shell.action<RuleOptions>(async ({ tally, output }, options, id = '') => {
        const rule = await tally.rules.put(id, bodyOf(shell, options))
        output.answer(rule, () => ruleRows(output, rule))
      }),
    )
  rules
    .command('remove <id>')
    .description('Remove a rule. What it did stays in the log, what it froze stays frozen.')
    .addHelpText('after', examples('tally rules remove low-wallets'))
    .action(
      shell.action(async ({ tally, output }, _options, id = '') => {
        const removed = await tally.rules.remove(id)
        output.answer(removed, () => `${removed.id} is removed.`)
      }),
    )
  rules
    .command('firings <id>')
    .description('Show what a rule did: the newest 200 firings, newest first.')
    .addHelpText('after', examples('tally rules firings low-wallets'))
    .action(shell.action(firings))
  addBacktest(rules, shell)
}

function addBacktest(rules: Command, shell: Shell): void {
  ruleOptions(rules.command('backtest <id>'))
    .description(
      'Try a rule on the past. With a rule in options or a file: that one, nothing is put.',
    )
    .option('--from <time>', 'as if it had been put right before; default: from the first event on')
    .option('--to <time>', 'default: now')
    .addHelpText(
      'after',
      examples(FROM, "tally rules backtest draft --at 'users:*' --count-above 20 --over 600"),
    )
    .action(
      shell.action<RuleOptions & { from?: string; to?: string }>(
        async ({ tally, output }, { from, to, ...options }, id = '') => {
          const isDraft = Object.keys(options).length > 0
          const draft = isDraft ? bodyOf(shell, options) : undefined
          const query = {
            ...(from === undefined ? {} : { from }),
            ...(to === undefined ? {} : { to }),
          }
          const result = await tally.rules.backtest(id, query, draft)
          output.answer(result, () => backtestText(output, result))
        },
      ),
    )
}

function bodyOf(shell: Shell, options: RuleOptions): PutRule {
  const { file, ...rest } = options
  if (file === undefined) return ruleOf(rest)
  if (Object.keys(rest).length > 0) throw usageError('Give --file or a rule in options, not both.')
  const text = readFileSync(resolve(shell.io.cwd, file), 'utf8')
  return JSON.parse(text) as PutRule
}

async function list({ tally, output }: Session): Promise<void> {
  const found = await tally.rules.list().toArray()
  output.answer({ rules: found }, () => {
    if (found.length === 0) return 'There are no rules.'
    return tableText(
      output,
      LIST_COLUMNS,
      found.map((rule) => [
        rule.enabled ? rule.id : output.style('dim', `${rule.id} (off)`),
        String(rule.version),
        rule.addresses.join(' '),
        whenText(rule),
        rule.action,
        String(rule.firings ?? 0n),
      ]),
    )
  })
}

async function show({ tally, output }: Session, _options: unknown, id = ''): Promise<void> {
  const [rule, versions] = await Promise.all([tally.rules.get(id), tally.rules.versions(id)])
  output.answer({ rule, versions }, () => {
    const older = versions.map(
      (each) =>
        `${String(each.version).padStart(4)}  ${timeText(each.putAt)}  ${each.owner}  ${whenText(each)}`,
    )
    return `${ruleRows(output, rule)}\n\nversions\n${older.join('\n')}`
  })
}

function ruleRows(output: Output, rule: Rule): string {
  return pairsText(output, [
    ['rule', output.style('bold', rule.id)],
    ['version', `${rule.version}, put ${timeText(rule.putAt)} by ${rule.owner}`],
    ['about', printable(rule.description)],
    ['watches', `${rule.addresses.join(' ')}${rule.asset === null ? '' : ` in ${rule.asset}`}`],
    ['when', whenText(rule)],
    ['does', rule.action],
    ['at work', rule.enabled ? 'yes' : 'no'],
    ['fired', rule.firings === undefined ? '' : String(rule.firings)],
  ])
}

async function firings({ tally, output }: Session, _options: unknown, id = ''): Promise<void> {
  const found = await tally.rules.firings(id)
  output.answer({ firings: found }, () =>
    found.length === 0 ? `${id} has not fired.` : firingRows(output, found),
  )
}

function firingRows(output: Output, rows: readonly (Firing | TriedFiring)[]): string {
  return tableText(
    output,
    FIRING_COLUMNS,
    rows.map((row) => [
      timeText(row.firedAt),
      row.account,
      String(row.measured),
      String(row.threshold),
      row.counterparty ?? '',
      String(row.sequence),
      'freezeHoldId' in row ? (row.freezeHoldId ?? '') : '',
    ]),
  )
}

const SHOWN = 20

function backtestText(output: Output, result: Backtest): string {
  const { firings: count, accounts, events, complete, byDay, data } = result
  const head = `${count} firings for ${accounts} accounts in ${events} events${complete ? '' : ', which are not all: the time was over'}.`
  if (data.length === 0) return head
  const bars = byDay.map(({ day, firings: of }) => ({ label: day, value: Number(of) }))
  const rest =
    data.length > SHOWN ? `\n… and ${count - BigInt(SHOWN)} more; --json has up to 1,000` : ''
  return `${head}\n\n${barChart(bars)}\n\n${firingRows(output, data.slice(0, SHOWN))}${rest}`
}
