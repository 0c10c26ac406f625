/** What the command line asks for. */

/** A command line that cannot be followed; the message says how to mend it. */
export class CommandLineRefused extends Error {
  override readonly name = 'CommandLineRefused'
}

export interface CommandLine {
  readonly asks: 'run' | 'list' | 'help'
  /** Workloads, or beginnings of their names; none = all that run by default. */
  readonly names: readonly string[]
  readonly quick: boolean
  /** Where to write the rows as JSON. */
  readonly json: string | undefined
  /** Where data directories are made; undefined = where the system keeps temporary files. */
  readonly directory: string | undefined
  /** Of `growth`; undefined = its default. */
  readonly transfers: number | undefined
  /** Of `growth` and `accounts`; undefined = their defaults. */
  readonly accounts: number | undefined
}

type Value = 'none' | 'text' | 'count'
const FLAGS: Readonly<Record<string, Value>> = {
  '--quick': 'none',
  '--list': 'none',
  '--help': 'none',
  '-h': 'none',
  '--json': 'text',
  '--dir': 'text',
  '--transfers': 'count',
  '--accounts': 'count',
}

/** @throws CommandLineRefused */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { flags, names } = readFlags(args)
  const number = (name: string): number | undefined => {
    const text = flags.get(name)
    return text === undefined ? undefined : readCount(text, name)
  }
  const isHelp = flags.has('--help') || flags.has('-h')
  return {
    asks: isHelp ? 'help' : flags.has('--list') ? 'list' : 'run',
    names,
    quick: flags.has('--quick'),
    json: flags.get('--json'),
    directory: flags.get('--dir'),
    transfers: number('--transfers'),
    accounts: number('--accounts'),
  }
}

function readFlags(args: readonly string[]): { flags: Map<string, string>; names: string[] } {
  const flags = new Map<string, string>()
  const names: string[] = []
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? ''
    if (!arg.startsWith('-')) {
      names.push(arg)
      continue
    }
    const [, name = arg, inline] = /^(--[a-z]+)=(.*)$/s.exec(arg) ?? []
    const takes = FLAGS[name]
    if (takes === undefined)
      throw new CommandLineRefused(`${arg} is unknown: --help lists all there is.`)
    if (takes === 'none') {
      if (inline !== undefined) throw new CommandLineRefused(`${name} takes no value.`)
      flags.set(name, '')
      continue
    }
    const value = inline ?? args[++at]
    if (value === undefined || value === '') {
      throw new CommandLineRefused(`${name} needs a value, like ${name} ${exampleOf(takes)}.`)
    }
    flags.set(name, value)
  }
  return { flags, names }
}

function exampleOf(takes: Value): string {
  return takes === 'count' ? '100M' : 'FILE'
}

const COUNT = /^(\d+(?:[_,]\d{3})*)([kKmM]?)$/
const FACTORS: Readonly<Record<string, number>> = { '': 1, k: 1_000, m: 1_000_000 }

/** 100000000, 100_000_000 and 100M are the same. @throws CommandLineRefused */
export function readCount(text: string, name: string): number {
  const [, digits = '', suffix = ''] = COUNT.exec(text) ?? []
  const count = Number(digits.replaceAll(/[_,]/g, '')) * (FACTORS[suffix.toLowerCase()] ?? 1)
  if (digits !== '' && Number.isSafeInteger(count) && count > 0) return count
  throw new CommandLineRefused(
    `${name} is ${JSON.stringify(text)}: use a whole number, like 10M or 250k.`,
  )
}

/** The names of `known` that are asked for: a whole name, or all names that begin with it. @throws CommandLineRefused */
export function choose(known: readonly string[], asked: readonly string[]): readonly string[] {
  const chosen = new Set<string>()
  for (const name of asked) {
    const found = known.includes(name) ? [name] : known.filter((each) => each.startsWith(name))
    if (found.length === 0) {
      throw new CommandLineRefused(`There is no workload ${name}. There are: ${known.join(', ')}.`)
    }
    for (const each of found) chosen.add(each)
  }
  return known.filter((name) => chosen.has(name))
}
