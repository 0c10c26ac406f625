#!/usr/bin/env node
/** Entry of the `tally` command: the process around one run of it. */
import { ExitCode } from './exit-code.ts'
import { runTally } from './program.ts'

function interruption(): AbortSignal {
  const controller = new AbortController()
  // A service manager asks with SIGTERM.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => controller.abort())
  }
  return controller.signal
}

// A reader that has seen enough, like `head`, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? ExitCode.ok : ExitCode.internal)
})

process.exitCode = await runTally(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  cwd: process.cwd(),
  variables: process.env,
  interruption,
})
