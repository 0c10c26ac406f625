/** Reads a JSON object field by field and says in a sentence what is wrong; fields that nobody asked for are wrong too. */
import { usageError } from '../failure.ts'

export class JsonFields {
  readonly #fields: ReadonlyMap<string, unknown>
  readonly #where: string
  readonly #asked = new Set<string>()

  /** @param where like `account`; empty: the file itself. @throws CommandError */
  constructor(value: unknown, where: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw usageError(`The map: ${where === '' ? 'it' : where} must be an object.`)
    }
    this.#fields = new Map(Object.entries(value))
    this.#where = where
  }

  fail(name: string, must: string): never {
    throw usageError(`The map: ${this.path(name)} ${must}.`)
  }

  path(name: string): string {
    return this.#where === '' ? name : `${this.#where}.${name}`
  }

  take(name: string): unknown {
    this.#asked.add(name)
    return this.#fields.get(name)
  }

  has(name: string): boolean {
    return this.#fields.has(name)
  }

  text(name: string, otherwise?: string): string {
    const value = this.take(name) ?? otherwise
    if (typeof value !== 'string' || value === '') this.fail(name, 'must be a text')
    return value
  }

  number(name: string, bounds: { min: number; max: number; otherwise: number }): number {
    const value = this.take(name) ?? bounds.otherwise
    const isGood = typeof value === 'number' && Number.isInteger(value)
    if (!isGood || value < bounds.min || value > bounds.max) {
      this.fail(name, `must be a whole number from ${bounds.min} to ${bounds.max}`)
    }
    return value
  }

  /** One text, or a list of texts. */
  texts(name: string, otherwise?: readonly string[]): string[] {
    const value = this.take(name) ?? otherwise
    const list: unknown[] = Array.isArray(value) ? value : [value]
    if (!list.every((item) => typeof item === 'string')) {
      this.fail(name, 'must be a text or a list of texts')
    }
    return list
  }

  object(name: string): JsonFields {
    return new JsonFields(this.take(name), this.path(name))
  }

  /** Entries of an object whose names are free. */
  entries(name: string): [string, unknown][] {
    const value = this.take(name) ?? {}
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.fail(name, 'must be an object')
    }
    return Object.entries(value)
  }

  end(): void {
    for (const name of this.#fields.keys()) {
      if (!this.#asked.has(name)) {
        const known = [...this.#asked].sort().join(', ')
        throw usageError(`The map: ${this.path(name)} is unknown; there are ${known}.`)
      }
    }
  }
}
