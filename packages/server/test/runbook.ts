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
/** A page takes as many processes as it has commands, on a busy machine too. */
export const WHOLE_PAGE_MS = 300_000
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

/** How wide the columns of a table are says nothing. */
const narrow = (text: string): string => text.replaceAll(/(?<=\S) {2,}/g, '  ')

export function fits(actual: string, expected: string): boolean {
  const lines = narrow(expected)
    .split('\n')
    .map((line) => {
      if (line.trim() === '…') return '(?:.*\\n)*?'
      return `${line
        .trimEnd()
        .split('…')
        .map((part) => RegExp.escape(part))
        .join('.*')}\\n`
    })
  const text = narrow(actual.replaceAll(/[ \t]+$/gm, ''))
  return new RegExp(`^${lines.join('')}$`).test(`${text.trimEnd()}\n`)
}

/** What of each page was done, by the name of the page. */
const rehearsed = new Map<string, Set<string>>()

/** Headings of a page's steps that no test of this file has done. */
export function unrehearsed(name: string): string[] {
  const done = rehearsed.get(name)
  return stepsOf(pageOf(name)).flatMap(({ heading }) => (done?.has(heading) ? [] : [heading]))
}

export interface Surroundings {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** What a page names, and what has its place on this machine. */
  readonly standIns: Readonly<Record<string, string>>
}

export class Runbook {
  readonly #name: string
  readonly #steps: Step[]
  readonly #shell: Shell
  readonly #standIns = new Map<string, string>()

  constructor(page: { readonly name: string; readonly text: string }, around: Surroundings) {
    this.#name = page.name
    this.#steps = stepsOf(page.text)
    this.#shell = new Shell(around.cwd, around.env)
    this.standIn(around.standIns)
  }

  /** Ids and numbers that were made up for the page. */
  standIn(names: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(names)) this.#standIns.set(name, value)
  }

  /** Does a step; those before it are left for another trouble. @returns what was printed. */
  async follow(heading: string): Promise<string> {
    const at = this.#steps.findIndex((step) => step.heading === heading)
    const [step] = this.#steps.splice(0, at + 1).slice(-1)
    if (step === undefined) throw new Error(`the page has no step "${heading}" after the last one`)
    let printed = ''
    for (const command of step.commands) printed += await this.#do(heading, command)
    rehearsed.set(this.#name, (rehearsed.get(this.#name) ?? new Set()).add(heading))
    return printed
  }

  async #do(heading: string, command: Command): Promise<string> {
    const text = here(command.text, this.#standIns)
    const expected = here(command.expected, this.#standIns)
    const { code, printed } = await this.#shell.run(text)
    if (code === 0 && fits(printed, expected)) return printed
    throw new Error(
      `"${heading}" does not go as it stands there:\n$ ${text}\n${printed}(code ${code})\n\nexpected:\n${expected}`,
    )
  }
}

/** A text of the pages with everything in it that has another name on this machine; what was put in is not looked at again. */
export function here(text: string, standIns: ReadonlyMap<string, string>): string {
  if (standIns.size === 0) return text
  const names = [...standIns.keys()].sort((a, b) => b.length - a.length)
  const any = new RegExp(names.map((name) => RegExp.escape(name)).join('|'), 'g')
  return text.replaceAll(any, (name) => standIns.get(name) ?? name)
}

/** One shell for the whole page: what is exported stays. */
class Shell {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #script: string
  #text = ''
  #wake = (): void => {}

  constructor(cwd: string, env: Readonly<Record<string, string>>) {
    this.#script = join(cwd, 'typed')
    this.#child = spawn('bash', ['--norc'], { cwd, env: { ...env }, detached: true })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (piece: string) => {
        this.#text += piece
        this.#wake()
      })
    }
    this.#child.on('close', () => this.#wake())
    onTestFinished(() => this.#end())
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

  /** With what runs in it. */
  #end(): void {
    const { pid } = this.#child
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL')
    } catch {
      // Nothing of it is left.
    }
  }
}
