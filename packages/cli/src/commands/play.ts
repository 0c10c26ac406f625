/** `tally play`: a scenario in a ledger in memory, as a table of answers. */
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { ExitCode } from '../exit-code.ts'
import { examples } from '../help.ts'
import type { Shell } from '../shell.ts'

export function addPlay(program: Command, shell: Shell): void {
  program
    .command('play <file>')
    .description(
      'Play a scenario of commands with explicit times, in memory; - reads standard input.',
    )
    .addHelpText(
      'after',
      `${examples('tally play examples/holds.tally', "echo 'account A' | tally play -")}\n\nThe language: packages/scenario/README.md. What follows -> is expected; a difference ends with code 1.`,
    )
    .action(
      shell.action(async (session, _options, file = '') => {
        const { LedgerMachine, parse, problems, render, run } = await import('@tallystick/scenario')
        const { output } = session
        const text = readFileSync(file === '-' ? 0 : session.path(file), 'utf8')
        const report = run(new LedgerMachine(), parse(text))
        if (output.json) for (const row of report.rows) output.jsonLine(row)
        else output.raw(render(report))
        const wrong = problems(report)
        for (const problem of wrong) output.note(problem)
        return wrong.length === 0 ? ExitCode.ok : ExitCode.refused
      }),
    )
}
