/** `tally bench`: the benchmarks of the sources, where they are there. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { ExitCode } from '../exit-code.ts'
import { usageError } from '../failure.ts'
import type { Shell } from '../shell.ts'

const MAIN = new URL('../../../bench/src/main.ts', import.meta.url)

export function addBench(program: Command, shell: Shell): void {
  const command = program
    .command('bench')
    .description('Measure this machine; arguments are passed on: tally bench --help lists them.')
    .argument('[arguments...]')
    .allowUnknownOption()
    .helpOption(false)
  command.action(shell.action(() => bench(command.args)))
}

function bench(args: readonly string[]): Promise<ExitCode> {
  const path = fileURLToPath(MAIN)
  if (!import.meta.filename.endsWith('.ts') || !existsSync(path)) {
    throw usageError(
      'The benchmarks are in the sources, not in this package: clone the repository.',
    )
  }
  const child = spawn(process.execPath, [path, ...args], { stdio: 'inherit' })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => resolve(code === 0 ? ExitCode.ok : ExitCode.refused))
  })
}
