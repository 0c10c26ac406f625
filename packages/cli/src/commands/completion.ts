/** `tally completion bash|zsh`. */
import type { Command } from 'commander'
import { bashCompletion, zshCompletion } from '../completion.ts'
import { usageError } from '../failure.ts'
import { examples } from '../help.ts'
import type { Shell } from '../shell.ts'

export function addCompletion(program: Command, shell: Shell): void {
  program
    .command('completion <shell>')
    .description('Print the completion script for bash or zsh.')
    .addHelpText(
      'after',
      examples('source <(tally completion bash)', 'tally completion zsh > "${fpath[1]}/_tally"'),
    )
    .action(
      shell.action(({ output }, _options, name = '') => {
        if (name === 'bash') output.raw(bashCompletion(program))
        else if (name === 'zsh') output.raw(zshCompletion(program))
        else throw usageError(`There are completions for bash and zsh, not for "${name}".`)
      }),
    )
}
