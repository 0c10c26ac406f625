/** The words of one line: taken in order, by name, or as `key=value`. What nobody takes is an error. */
import { idOfLabel, literalId } from './id-text.ts'
import { ScenarioError } from './scenario-error.ts'
import type { Line } from './step.ts'
import { readAmount, readTime } from './value-text.ts'

export class Words {
  readonly line: Line
  readonly #names: Map<bigint, string>
  readonly #bare: string[] = []
  readonly #values = new Map<string, string>()

  constructor(line: Line, words: readonly string[], names: Map<bigint, string>) {
    this.line = line
    this.#names = names
    for (const word of words) this.#sort(word)
  }

  #sort(word: string): void {
    const split = word.indexOf('=')
    if (split < 0) this.#bare.push(word)
    else this.#values.set(word.slice(0, split), word.slice(split + 1))
  }

  /** The next bare word. */
  take(what: string): string {
    return this.maybe() ?? this.fail(`${what} is missing`)
  }

  maybe(): string | undefined {
    return this.#bare.shift()
  }

  /** Is this word there? Then it is taken. */
  has(word: string): boolean {
    const index = this.#bare.indexOf(word)
    if (index >= 0) this.#bare.splice(index, 1)
    return index >= 0
  }

  value(key: string): string | undefined {
    const value = this.#values.get(key)
    this.#values.delete(key)
    return value
  }

  values(): Map<string, string> {
    const all = new Map(this.#values)
    this.#values.clear()
    return all
  }

  takeId(what: string): bigint {
    return this.id(this.take(what))
  }

  takeAmount(what: string): bigint {
    return this.amount(this.take(what))
  }

  id(word: string): bigint {
    const literal = literalId(word)
    if (literal !== undefined) return literal
    const id = idOfLabel(word)
    this.#names.set(id, word)
    return id
  }

  amount(word: string): bigint {
    return readAmount(word) ?? this.fail(`"${word}" is not an amount`)
  }

  time(word: string): bigint {
    return readTime(word) ?? this.fail(`"${word}" is not a time`)
  }

  number(word: string): number {
    const number = Number(word)
    return Number.isInteger(number) && number >= 0 ? number : this.fail(`"${word}" is no number`)
  }

  /** Every word was understood. */
  end(): void {
    const rest = [...this.#bare, ...Array.from(this.#values.keys(), (key) => `${key}=`)]
    if (rest.length > 0) this.fail(`what does "${rest.join(' ')}" mean here?`)
  }

  fail(message: string): never {
    throw new ScenarioError(this.line.number, message)
  }
}
