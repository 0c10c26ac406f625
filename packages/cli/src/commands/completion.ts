/** `tally completion bash|zsh`. */
import { Argument, type Command } from 'commander'
import { bashCompletion, zshCompletion } from '../completion.ts'
import { examples } from '../help.ts'
import type { Shell } from '../shell.ts'

export function addCompletion(program: Command, shell: Shell): void {
  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'whose').choices(['bash', 'zsh']))
    .description('Print the completion script for bash or zsh.')
    .addHelpText(
      'after',
      examples('source <(tally completion bash)', 'tally completion zsh > "${fpath[1]}/_tally"'),
    )
    .action(
      shell.action(({ output }, _options, name) => {
        output.raw(name === 'bash' ? bashCompletion(program) : zshCompletion(program))
      }),
    )
}
