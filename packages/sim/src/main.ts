/** Entry of `npm run sim`. */
import { randomInt } from 'node:crypto'

import { type CommandLine, CommandLineRefused, readCommandLine } from './command-line.ts'
import { Coverage } from './coverage.ts'
import { HELP } from './help.ts'
import { failureText, Progress } from './report.ts'
import { runSeed } from './simulation.ts'

const COMMAND_LINE_IS_WRONG = 2
/** Fresh seeds follow one another from a random one that leaves room for them. */
const FRESH_MAX = 2_000_000_000

const print = (text: string): void => void process.stdout.write(`${text}\n`)

async function main(args: readonly string[]): Promise<number> {
  try {
    const line = readCommandLine(args)
    if (line.asks === 'help') {
      print(HELP)
      return 0
    }
    return await run(line)
  } catch (error) {
    if (!(error instanceof CommandLineRefused)) throw error
    process.stderr.write(`${error.message}\n`)
    return COMMAND_LINE_IS_WRONG
  }
}

async function run(line: CommandLine): Promise<number> {
  const { steps, plant, asks } = line
  const first = line.seed ?? randomInt(FRESH_MAX)
  const count = asks === 'one' ? 1 : line.seeds
  print(`seeds ${first} to ${first + count - 1}, ${steps} steps each`)
  const coverage = new Coverage()
  const progress = new Progress(count)
  let failures = 0
  for (let seed = first; seed < first + count; seed++) {
    const result = await runSeed({ seed, steps, plant, tell: asks === 'one' ? print : undefined })
    coverage.take(result.coverage)
    if (result.violation !== undefined) {
      failures++
      print(failureText(result.violation, { seed, steps, plant }))
    } else if (asks === 'one') {
      print(`seed ${seed}: every check held; digest ${result.digest}`)
    }
    progress.done(failures, print)
  }
  print(`\n${coverage.table()}`)
  print(`${count - failures} of ${count} seeds: every check held`)
  return failures === 0 ? 0 : 1
}

process.exitCode = await main(process.argv.slice(2))
