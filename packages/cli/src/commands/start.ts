/** `tally start`: the server in this process, with the server's own settings. */
import type { Command } from 'commander'
import type { ExitCode } from '../exit-code.ts'
import type { Shell } from '../shell.ts'

export function addStart(program: Command, shell: Shell): void {
  program
    .command('start')
    .description('Start the server; its settings are passed on: tally start --help lists them.')
    .argument('[settings...]')
    .allowUnknownOption()
    .helpOption(false)
    .action(async (_settings: unknown, _options: unknown, command: Command) => {
      // The server is large, and no other command needs it.
      const { runServer } = await import('@tallystick/server')
      const { variables } = shell.io
      shell.exitCode = (await runServer(command.args, variables)) as ExitCode
    })
}
