/** The command line of `tally-verify`, read strictly. */
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'

import {
  AmbiguousKeys,
  MalformedKey,
  MalformedPolicy,
  trustPolicy,
  type TrustPolicy,
} from '../index.ts'
import { UsedWrongly } from './exit-code.ts'

const OPTIONS = {
  key: { type: 'string', multiple: true },
  witness: { type: 'string', multiple: true },
  quorum: { type: 'string' },
  tiles: { type: 'string' },
  proof: { type: 'string' },
  token: { type: 'string' },
  'token-file': { type: 'string' },
  checkpoint: { type: 'string' },
  openings: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

export type Arguments =
  | { readonly command: 'help' }
  | (Checked & { readonly command: 'receipt' | 'account'; readonly file: string })
  | (Checked & {
      readonly command: 'consistency'
      readonly older: string
      readonly newer: string
      readonly evidence: { readonly tiles: string } | { readonly proof: string }
    })
  | (Checked & {
      readonly command: 'full'
      readonly source: string
      readonly checkpoint: string | undefined
      /** Without them nothing is proved. */
      readonly needsOpenings: boolean
    })

interface Checked {
  readonly policy: TrustPolicy
  readonly json: boolean
  /** API key for a log on the web whose entries need one, and a file that has it in place of the command line. */
  readonly token: string | undefined
  readonly tokenFile: string | undefined
}

const FILE_HINT = '. A file is given as --key "$(cat FILE)": its name alone is no key'

type Values = ReturnType<typeof parse>['values']

/** @param argv without the program. @throws UsedWrongly */
export function parseArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = parse(argv)
  if (values.help === true) return { command: 'help' }
  const [command, ...names] = positionals
  switch (command) {
    case 'receipt':
    case 'account': {
      const [file = ''] = exactly(names, command, ['FILE'])
      allow(values, command, [])
      return { command, file, ...checkedOf(values) }
    }
    case 'consistency': {
      const [older = '', newer = ''] = exactly(names, 'consistency', ['OLDER', 'NEWER'])
      allow(values, 'consistency', ['tiles', 'proof', 'token', 'token-file'])
      return { command, older, newer, evidence: evidenceOf(values), ...checkedOf(values) }
    }
    case 'full': {
      const [source = ''] = exactly(names, 'full', ['DIR_OR_URL'])
      allow(values, 'full', ['checkpoint', 'openings', 'token', 'token-file'])
      const { checkpoint, openings: needsOpenings = false } = values
      return { command, source, checkpoint, needsOpenings, ...checkedOf(values) }
    }
    case undefined:
      throw new UsedWrongly('No command is given: receipt, account, consistency or full')
    default:
      throw new UsedWrongly(`There is no command ${command}: receipt, account, consistency or full`)
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true })
  } catch (error) {
    throw new UsedWrongly(error instanceof Error ? error.message : 'The options are wrong', {
      cause: error,
    })
  }
}

function exactly(names: readonly string[], command: string, wanted: string[]): readonly string[] {
  if (names.length === wanted.length && !names.includes('')) return names
  throw new UsedWrongly(`${command} takes ${wanted.join(' and ')}, not ${names.length} names`)
}

/** An option that is not used would look as if it had been checked. */
function allow(values: Values, command: string, own: readonly string[]): void {
  const special = (
    ['tiles', 'proof', 'checkpoint', 'openings', 'token', 'token-file'] as const
  ).find((name) => values[name] !== undefined && !own.includes(name))
  if (special !== undefined) throw new UsedWrongly(`${command} has no option --${special}`)
}

function evidenceOf({ tiles, proof }: Values): { tiles: string } | { proof: string } {
  if (tiles !== undefined && proof === undefined) return { tiles }
  if (proof !== undefined && tiles === undefined) return { proof }
  throw new UsedWrongly('consistency takes one of --tiles and --proof')
}

function checkedOf(values: Values): Checked {
  const { key: keys = [], witness: witnesses = [], quorum, json } = values
  if (keys.length === 0) {
    throw new UsedWrongly('No --key is given: without it, anybody may have signed')
  }
  try {
    const needed = quorum === undefined ? {} : { quorum: countOf(quorum) }
    return {
      policy: trustPolicy({ keys, witnesses, ...needed }),
      json: json === true,
      ...tokenOf(values),
    }
  } catch (error) {
    const wrong = [MalformedKey, MalformedPolicy, AmbiguousKeys].some(
      (kind) => error instanceof kind,
    )
    if (wrong && error instanceof Error) {
      const hint = keys.concat(witnesses).some((key) => existsSync(key)) ? FILE_HINT : ''
      throw new UsedWrongly(`The keys cannot be used: ${error.message}${hint}`, { cause: error })
    }
    throw error
  }
}

function tokenOf(values: Values): Pick<Checked, 'token' | 'tokenFile'> {
  const { token, 'token-file': tokenFile } = values
  if (token === undefined || tokenFile === undefined) return { token, tokenFile }
  throw new UsedWrongly('Give one of --token and --token-file')
}

function countOf(text: string): number {
  if (/^(0|[1-9][0-9]{0,3})$/.test(text)) return Number(text)
  throw new UsedWrongly(`--quorum ${text} is not a number of witnesses`)
}
