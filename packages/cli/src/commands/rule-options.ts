/** A rule in options of the command line, and what it says in words. */
import type { PutRule, Rule, RuleWhen } from '@tallystick/sdk'
import type { Command } from 'commander'
import { usageError } from '../failure.ts'

export interface RuleOptions {
  readonly file?: string
  readonly at?: readonly string[]
  readonly asset?: string
  readonly about?: string
  readonly off?: boolean
  readonly freeze?: boolean
  readonly balanceBelow?: string
  readonly balanceAbove?: string
  readonly availableBelow?: string
  readonly availableAbove?: string
  readonly rearm?: string
  readonly runningOutWithin?: string
  readonly holdDeadline?: string
  readonly countAbove?: string
  readonly sumAbove?: string
  readonly counterpartiesAbove?: string
  readonly newCounterpartyFrom?: string
  readonly over?: string
  readonly direction?: string
  readonly learn?: string
  readonly limitUsed?: string
  readonly subtreeLimitUsed?: string
}

export function ruleOptions(command: Command): Command {
  return command
    .option('--file <path>', 'a rule as JSON, as the API takes it')
    .option('--at <addresses...>', "which accounts, like 'partners:*'")
    .option('--asset <asset>', 'accounts of this asset; rules about amounts need it')
    .option('--about <text>', 'what it is for')
    .option('--off', 'put it, and do not let it work')
    .option('--freeze', 'close the account when it fires')
    .option('--balance-below <amount>', 'the balance fell below')
    .option('--balance-above <amount>', 'the balance rose above')
    .option('--available-below <amount>', 'what may be used fell below')
    .option('--available-above <amount>', 'what may be used rose above')
    .option('--rearm <amount>', 'fire again only after it came back to this')
    .option('--running-out-within <days>', 'at the rate of --over days, 7 by default')
    .option('--hold-deadline <seconds>', 'a hold is open so long before its deadline')
    .option('--count-above <count>', 'more transfers and holds in --over seconds')
    .option('--sum-above <amount>', 'more money in --over seconds')
    .option('--counterparties-above <count>', 'more other accounts in --over seconds')
    .option('--new-counterparty-from <amount>', 'so much with one not seen in --over seconds')
    .option('--over <length>', 'of the window: seconds; of a rate: days')
    .option('--direction <direction>', 'debit, credit or both; default: debit')
    .option('--learn <seconds>', 'at first only learn who is known')
    .option('--limit-used <percent>', 'so much of the limit')
    .option('--subtree-limit-used <percent>', 'so much of the limit of all below it')
}

/** @throws UsageError */
export function ruleOf(options: RuleOptions): PutRule {
  const { at: addresses, asset, about: description, off, freeze } = options
  if (addresses === undefined) throw usageError('Say which accounts: --at.')
  const found = whensOf(options)
  const [when, ...others] = found
  if (when === undefined) throw usageError('Say when it fires, as with --available-below 10000.')
  if (others.length > 0) throw usageError('A rule fires for one thing: put another for the other.')
  return {
    ...{ addresses, when },
    ...(asset === undefined ? {} : { asset }),
    ...(description === undefined ? {} : { description }),
    ...(off === true ? { enabled: false } : {}),
    ...(freeze === true ? { action: 'freeze' as const } : {}),
  }
}

function whensOf(options: RuleOptions): RuleWhen[] {
  return [...balances(options), ...windows(options), ...others(options)]
}

function balances(options: RuleOptions): RuleWhen[] {
  const rearm = options.rearm === undefined ? {} : { rearm: whole('rearm', options.rearm) }
  const rows = [
    ['balance', 'below', options.balanceBelow],
    ['balance', 'above', options.balanceAbove],
    ['available', 'below', options.availableBelow],
    ['available', 'above', options.availableAbove],
  ] as const
  return rows.flatMap(([of, is, text]): RuleWhen[] => {
    if (text === undefined) return []
    const threshold = whole(`${of}-${is}`, text)
    return [{ kind: 'balance', of, is, threshold, ...rearm }]
  })
}

function windows(options: RuleOptions): RuleWhen[] {
  const { countAbove, sumAbove, counterpartiesAbove, newCounterpartyFrom, learn } = options
  const direction = directionOf(options.direction ?? 'debit')
  const overSeconds = number('over', options.over ?? '3600')
  const rows = [
    ['count', countAbove],
    ['sum', sumAbove],
    ['counterparties', counterpartiesAbove],
  ] as const
  const found = rows.flatMap(([measure, text]): RuleWhen[] => {
    if (text === undefined) return []
    return [{ kind: 'velocity', measure, direction, overSeconds, above: whole(measure, text) }]
  })
  if (newCounterpartyFrom === undefined) return found
  const amountFrom = whole('new-counterparty-from', newCounterpartyFrom)
  const learns = learn === undefined ? {} : { learnSeconds: number('learn', learn) }
  return [...found, { kind: 'new_counterparty', direction, amountFrom, overSeconds, ...learns }]
}

function others(options: RuleOptions): RuleWhen[] {
  const { runningOutWithin, holdDeadline, limitUsed, subtreeLimitUsed } = options
  const found: RuleWhen[] = []
  if (runningOutWithin !== undefined) {
    const withinDays = number('running-out-within', runningOutWithin)
    found.push({ kind: 'running_out', withinDays, overDays: number('over', options.over ?? '7') })
  }
  if (holdDeadline !== undefined) {
    found.push({ kind: 'hold_deadline', beforeSeconds: number('hold-deadline', holdDeadline) })
  }
  if (limitUsed !== undefined) {
    found.push({ kind: 'limit_used', of: 'account', percent: number('limit-used', limitUsed) })
  }
  if (subtreeLimitUsed !== undefined) {
    const percent = number('subtree-limit-used', subtreeLimitUsed)
    found.push({ kind: 'limit_used', of: 'subtree', percent })
  }
  return found
}

function whole(name: string, text: string): bigint {
  if (/^-?\d{1,39}$/.test(text)) return BigInt(text)
  throw usageError(`--${name} takes a whole number of minor units, not ${text}.`)
}

function number(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw usageError(`--${name} takes a whole number, not ${text}.`)
}

function directionOf(text: string): 'debit' | 'credit' | 'both' {
  if (text === 'debit' || text === 'credit' || text === 'both') return text
  throw usageError('--direction is debit, credit or both.')
}

/** What it fires at, as a short sentence. */
export function whenText({ when }: Pick<Rule, 'when'>): string {
  switch (when.kind) {
    case 'balance':
      return `${when.of} ${when.is} ${when.threshold}`
    case 'running_out':
      return `empty within ${when.withinDays} days at the rate of ${when.overDays}`
    case 'hold_deadline':
      return `hold within ${when.beforeSeconds} s of its deadline`
    case 'velocity':
      return `${when.measure} (${when.direction}) above ${when.above} in ${when.overSeconds} s`
    case 'new_counterparty':
      return `${when.amountFrom} or more (${when.direction}) with one not seen in ${when.overSeconds} s`
    case 'limit_used':
      return `${when.percent} % of the ${when.of === 'subtree' ? 'subtree limit' : 'limit'} used`
  }
}
