#!/usr/bin/env node
/** Entry of the command `tally-verify`: the process around one run of it. */
import { ExitCode } from './command/exit-code.ts'
import { runVerify } from './command/program.ts'

// A reader that has seen enough, like `head`, is no error, but it is no proof either.
process.stdout.on('error', () => process.exit(ExitCode.notProved))

process.exitCode = await runVerify(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  isTerminal: process.stderr.isTTY,
})
