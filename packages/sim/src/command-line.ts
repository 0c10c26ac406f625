/** What the command line asks for. */
import { PLANT_NAMES, type PlantName } from './plants.ts'

/** A command line that cannot be followed; the message says how to mend it. */
export class CommandLineRefused extends Error {
  override readonly name = 'CommandLineRefused'
}

export const STEPS = 1_500

export interface CommandLine {
  readonly asks: 'one' | 'many' | 'help'
  /** The one, or the first of many; undefined: fresh ones. */
  readonly seed: number | undefined
  readonly seeds: number
  readonly steps: number
  readonly plant: PlantName | undefined
}

const FLAGS = ['--seed', '--seeds', '--from', '--steps', '--plant'] as const
type Flag = (typeof FLAGS)[number]

/** @throws CommandLineRefused */
export function readCommandLine(args: readonly string[]): CommandLine {
  const isHelp = args.includes('--help') || args.includes('-h')
  const flags = isHelp ? new Map<Flag, string>() : readFlags(args)
  const one = flags.get('--seed')
  return {
    asks: isHelp ? 'help' : one === undefined ? 'many' : 'one',
    seed: number(flags, '--seed', 0) ?? number(flags, '--from', 0),
    seeds: number(flags, '--seeds', 1) ?? 1,
    steps: number(flags, '--steps', 1) ?? STEPS,
    plant: plant(flags.get('--plant')),
  }
}

function readFlags(args: readonly string[]): Map<Flag, string> {
  const flags = new Map<Flag, string>()
  for (let at = 0; at < args.length; at += 2) {
    const name = FLAGS.find((known) => known === args[at])
    const value = args[at + 1]
    if (name === undefined) {
      throw new CommandLineRefused(`${args[at]} is unknown: --help lists all there is.`)
    }
    if (value === undefined) {
      const example = name === '--plant' ? PLANT_NAMES[0] : '7'
      throw new CommandLineRefused(`${name} needs a value, like ${name} ${example}.`)
    }
    flags.set(name, value)
  }
  return flags
}

function number(flags: ReadonlyMap<Flag, string>, name: Flag, least: number): number | undefined {
  const text = flags.get(name)
  if (text === undefined) return undefined
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value < 2 ** 31) return value
  throw new CommandLineRefused(
    `${name} is ${JSON.stringify(text)}: use a whole number from ${least} to 2147483647.`,
  )
}

function plant(text: string | undefined): PlantName | undefined {
  if (text === undefined) return undefined
  const found = PLANT_NAMES.find((name) => name === text)
  if (found !== undefined) return found
  throw new CommandLineRefused(`There is no plant ${text}. There are: ${PLANT_NAMES.join(', ')}.`)
}
