/** Entry of `npm run bench`. */
import { type CommandLine, CommandLineRefused, readCommandLine } from './command-line.ts'
import { HELP, listText } from './help.ts'
import { cleanUpOnExit } from './processes/end-with-us.ts'
import { run } from './run.ts'

const COMMAND_LINE_IS_WRONG = 2

async function main(args: readonly string[]): Promise<number> {
  try {
    return await obey(readCommandLine(args))
  } catch (error) {
    if (!(error instanceof CommandLineRefused)) throw error
    process.stderr.write(`${error.message}\n`)
    return COMMAND_LINE_IS_WRONG
  }
}

async function obey(line: CommandLine): Promise<number> {
  if (line.asks === 'run') return run(line)
  process.stdout.write(line.asks === 'help' ? HELP : listText())
  return 0
}

cleanUpOnExit()
process.exitCode = await main(process.argv.slice(2))
