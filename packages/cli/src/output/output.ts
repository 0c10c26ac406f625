/** Where commands write: answers to standard output, notes and errors to standard error; colours only on a terminal. */
import { styleText } from 'node:util'
import type { Failure } from '../failure.ts'
import { printable } from './printable.ts'
import { wireText } from './wire-text.ts'

/** The part of a stream that is needed here. */
export interface Sink {
  write(text: string): unknown
  readonly writableNeedDrain?: boolean
  once?(event: 'drain', done: () => void): unknown
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
}

export interface OutputOptions {
  readonly stdout: Sink
  readonly stderr: Sink
  readonly json: boolean
  /** NO_COLOR, see no-color.org. */
  readonly noColor: boolean
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

export class Output {
  readonly json: boolean
  readonly #stdout: Sink
  readonly #stderr: Sink
  readonly #noColor: boolean

  constructor({ stdout, stderr, json, noColor }: OutputOptions) {
    this.#stdout = stdout
    this.#stderr = stderr
    this.json = json
    this.#noColor = noColor
  }

  /** A line for people; nothing with `--json`. */
  line(text = ''): void {
    if (!this.json) this.#stdout.write(`${text}\n`)
  }

  /** Text as it is, in either mode: CSV, a script, a scenario's table. */
  raw(text: string): void {
    this.#stdout.write(text)
  }

  /** Resolves when the reader of standard output has caught up: a slow pipe must not become memory. */
  drained(): Promise<void> {
    const stdout = this.#stdout
    if (stdout.writableNeedDrain !== true || stdout.once === undefined) return Promise.resolve()
    return new Promise((resolve) => stdout.once?.('drain', resolve))
  }

  /** One answer: for people by `show`, with `--json` as one line. */
  answer(value: unknown, show: () => string): void {
    if (this.json) this.jsonLine(value)
    else this.#stdout.write(`${show()}\n`)
  }

  /** One JSON value per line, in either mode. */
  jsonLine(value: unknown): void {
    this.#stdout.write(`${wireText(value)}\n`)
  }

  /** Notes besides the answer; on standard error, so that a pipe gets the answer alone. */
  note(text: string): void {
    this.#stderr.write(`${text}\n`)
  }

  fail(failure: Failure): void {
    const { code, message, facts } = failure
    if (this.json)
      this.#stderr.write(`${wireText({ object: 'error', code, detail: message, ...facts })}\n`)
    else
      this.#stderr.write(
        `${this.styleError('red', 'tally:')} ${printable(message, { lines: true })} (${code})\n`,
      )
  }

  style(style: Style, text: string): string {
    return this.colourful ? styleText(style, text, { validateStream: false }) : text
  }

  styleError(style: Style, text: string): string {
    const colourful = this.#stderr.isTTY === true && !this.#noColor
    return colourful ? styleText(style, text, { validateStream: false }) : text
  }

  get colourful(): boolean {
    return this.#stdout.isTTY === true && !this.#noColor
  }

  /** The terminal that shows progress; undefined: there is none, or a program reads along. */
  get terminal(): Sink | undefined {
    return this.#stderr.isTTY === true && !this.json ? this.#stderr : undefined
  }
}
