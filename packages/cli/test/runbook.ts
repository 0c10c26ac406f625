/**
 * Goes through a page of docs/operations as an operator does: types the commands of its `console` blocks into one shell, in their order, and
 * holds what comes back to what stands below them. `…` alone on a line stands for any lines, within a line for any text. A command that
 * ends with another code than 0 is a failure, unless the page itself shows the code.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const PAGES = fileURLToPath(new URL('../../../docs/operations/', import.meta.url))
const DONE = '--- the command ended with'

export interface Command {
  readonly text: string
  readonly expected: string
}

export interface Step {
  readonly heading: string
  readonly commands: readonly Command[]
}

export const pageOf = (name: string): string => readFileSync(join(PAGES, `${name}.md`), 'utf8')

/** The commands of a page, one step for each heading that has any. */
export function stepsOf(page: string): Step[] {
  return page
    .split(/^(?=#+ )/m)
    .map((section) => ({
      heading: /^#+ (.*)$/m.exec(section)?.[1] ?? '',
      commands: [...section.matchAll(/^( *)```console\n([\s\S]*?)^\1```$/gm)].flatMap(
        ([, indent = '', text = '']) =>
          commandsOf(text.replaceAll(new RegExp(`^${indent}`, 'gm'), '')),
      ),
    }))
    .filter(({ commands }) => commands.length > 0)
}

function commandsOf(block: string): Command[] {
  const [before = '', ...parts] = block.split(/^\$ /m)
  if (before !== '') throw new Error(`a console block begins without a command: ${before}`)
  return parts.map((part) => {
    const [, text = '', expected = ''] = /^((?:.*\\\n)*.*\n)([\s\S]*)$/.exec(part) ?? []
    return { text: text.trimEnd(), expected: expected.trimEnd() }
  })
}

export function fits(actual: string, expected: string): boolean {
  const lines = expected.split('\n').map((line) => {
    if (line.trim() === '…') return '(?:.*\\n)*?'
    return `${line.trimEnd().split('…').map(RegExp.escape).join('.*')}\\n`
  })
  const text = actual.replaceAll(/[ \t]+$/gm, '')
  return new RegExp(`^${lines.join('')}$`).test(`${text.trimEnd()}\n`)
}

export class Runbook {
  readonly #steps: Step[]
  readonly #shell: Shell
  /** What the page names, and what has its place on this machine: paths, ids that were made up for the page. */
  readonly #standIns = new Map<string, string>()

  constructor(
    page: string,
    machine: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
    standIns: Readonly<Record<string, string>>,
  ) {
    this.#steps = stepsOf(page)
    this.#shell = new Shell(machine.cwd, machine.env)
    this.standIn(standIns)
  }

  standIn(names: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(names)) this.#standIns.set(name, value)
  }

  /** Does the next step, which has to be the one of this heading. @returns what was printed. */
  async follow(heading: string): Promise<string> {
    const step = this.#steps.shift()
    if (step?.heading !== heading) {
      throw new Error(`the next step of the page is "${step?.heading}", not "${heading}"`)
    }
    let printed = ''
    for (const command of step.commands) printed += await this.#do(heading, command)
    return printed
  }

  /** That nothing on the page is left undone. */
  finish(): void {
    const left = this.#steps.map(({ heading }) => heading)
    if (left.length > 0) throw new Error(`steps that nobody rehearsed: ${left.join('; ')}`)
  }

  async #do(heading: string, command: Command): Promise<string> {
    const text = this.#here(command.text)
    const expected = this.#here(command.expected)
    const { code, printed } = await this.#shell.run(text)
    if (code === 0 && fits(printed, expected)) return printed
    throw new Error(
      `"${heading}" does not go as it stands there:\n$ ${text}\n${printed}(code ${code})\n\nexpected:\n${expected}`,
    )
  }

  #here(text: string): string {
    let here = text
    for (const [name, value] of this.#standIns) here = here.replaceAll(name, value)
    return here
  }
}

/** One shell for the whole page: what is exported stays. */
class Shell {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #script: string
  #text = ''
  #wake = (): void => {}

  constructor(cwd: string, env: Readonly<Record<string, string>>) {
    this.#script = join(cwd, 'typed')
    this.#child = spawn('bash', ['--norc'], { cwd, env: { ...env } })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (piece: string) => {
        this.#text += piece
        this.#wake()
      })
    }
    this.#child.on('close', () => this.#wake())
    onTestFinished(() => void this.#child.kill('SIGKILL'))
    this.#child.stdin.write('exec 2>&1\n')
  }

  async run(command: string): Promise<{ code: number; printed: string }> {
    writeFileSync(this.#script, `${command}\n`)
    this.#text = ''
    this.#child.stdin.write(`. ${this.#script} </dev/null; printf '%s %d\\n' '${DONE}' $?\n`)
    const end = new RegExp(`${DONE} (\\d+)\\n$`)
    for (;;) {
      const found = end.exec(this.#text)
      if (found !== null) {
        return { code: Number(found[1]), printed: this.#text.slice(0, found.index) }
      }
      if (this.#child.exitCode !== null) throw new Error(`the shell ended: ${this.#text}`)
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }
}
