/** Options that every command which writes has, and the parts of a request that they become. */
import type { Command } from 'commander'
import type { Naming, WriteOptions } from '@tallystick/sdk'
import { usageError } from '../failure.ts'
import { momentOf } from '../moment.ts'

export interface NamingOptions {
  readonly id?: string
  readonly reference?: string
  readonly metadata?: readonly string[]
  readonly effectiveAt?: string
}

export interface CallOptions {
  readonly idempotencyKey?: string
  readonly dryRun?: boolean
}

export interface AmountOptions {
  readonly minor?: boolean
  readonly asset?: string
}

/** How a movement is named, dated and described. */
export function withNaming(command: Command): Command {
  return command
    .option('--reference <text>', 'your own name for it: asking twice does it once')
    .option('--id <uuid>', 'your own id, in place of a reference')
    .option('--metadata <text...>', 'name=value, or one JSON object')
    .option('--effective-at <time>', 'value date, for what happened earlier')
}

export function withCall(command: Command): Command {
  return command
    .option('--idempotency-key <text>', 'the same key and command get the first answer again')
    .option('--dry-run', 'show what would happen, and record nothing')
}

export function withAmount(command: Command): Command {
  return command
    .option('--asset <asset>', 'like EUR/2; default: the asset of the account')
    .option('--minor', 'the amount is in minor units: 2500 is 25.00 EUR')
}

export function namingOf(options: NamingOptions): Naming {
  const { id, reference, effectiveAt } = options
  const metadata = metadataOf(options.metadata)
  return {
    ...(id === undefined ? {} : { id }),
    ...(reference === undefined ? {} : { reference }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(effectiveAt === undefined ? {} : { effectiveAt: momentOf(effectiveAt) }),
  }
}

export function callOf(options: CallOptions): WriteOptions {
  const { idempotencyKey, dryRun } = options
  return {
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    ...(dryRun === undefined ? {} : { dryRun }),
  }
}

/** @throws CommandError */
export function metadataOf(
  texts: readonly string[] | undefined,
): Record<string, unknown> | undefined {
  if (texts === undefined) return undefined
  const [first = ''] = texts
  if (texts.length === 1 && first.trimStart().startsWith('{')) return jsonMetadata(first)
  const pairs = texts.map((text) => {
    const at = text.indexOf('=')
    if (at < 1) throw usageError(`--metadata "${text}" is neither name=value nor a JSON object.`)
    return [text.slice(0, at), text.slice(at + 1)]
  })
  return Object.fromEntries(pairs)
}

function jsonMetadata(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    throw usageError(`--metadata is not JSON: ${text}`)
  }
}

/** @throws CommandError unless it is a whole number within the bounds. */
export function wholeNumber(
  text: string,
  name: string,
  bounds: { min: number; max: number },
): number {
  const value = Number(text)
  const isGood = /^\d{1,15}$/.test(text) && value >= bounds.min && value <= bounds.max
  if (!isGood) {
    throw usageError(
      `${name} must be a whole number from ${bounds.min} to ${bounds.max}, not "${text}".`,
    )
  }
  return value
}
