/** Reads JSON that came from outside, field by field: each is what it should be, or the whole is malformed. */

export class Malformed extends Error {
  override readonly name = 'Malformed'
}

/** Names of objects: no way out of the store. */
const NAME = /^[a-z0-9][a-z0-9-]*(?:[./][a-z0-9][a-z0-9-]*)*$/

export class Fields {
  readonly #values: Readonly<Record<string, unknown>>

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values
  }

  any(name: string): unknown {
    return Object.hasOwn(this.#values, name) ? this.#values[name] : undefined
  }

  text(name: string): string {
    const value = this.any(name)
    if (typeof value === 'string') return value
    throw new Malformed(`${name} is no text`)
  }

  /** A whole number from 0 that is exact. */
  count(name: string): number {
    const value = this.any(name)
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
    throw new Malformed(`${name} is no whole number`)
  }

  /** @param bytes how many the digits stand for. */
  hex(name: string, bytes: number): string {
    const value = this.text(name)
    if (value.length === bytes * 2 && /^[0-9a-f]*$/.test(value)) return value
    throw new Malformed(`${name} has not ${bytes * 2} hex digits`)
  }

  /** The name of an object. */
  name(name: string): string {
    const value = this.text(name)
    if (NAME.test(value)) return value
    throw new Malformed(`${name} is no name of an object`)
  }

  textOr(name: string, missing: string): string {
    return this.any(name) === undefined ? missing : this.text(name)
  }

  optionalText(name: string): string | undefined {
    return this.any(name) === undefined ? undefined : this.text(name)
  }

  countOr(name: string, missing: number): number {
    return this.any(name) === undefined ? missing : this.count(name)
  }

  /** A whole number from 0, as text. */
  integer(name: string): bigint {
    const value = this.text(name)
    if (/^(?:0|[1-9]\d{0,38})$/.test(value)) return BigInt(value)
    throw new Malformed(`${name} is no number`)
  }

  optionalInteger(name: string): bigint | undefined {
    return this.any(name) === undefined ? undefined : this.integer(name)
  }

  integerOr(name: string, missing: bigint): bigint {
    return this.optionalInteger(name) ?? missing
  }

  /** 128 bits as hex digits. */
  idOr(name: string, missing: bigint): bigint {
    return this.any(name) === undefined ? missing : BigInt(`0x${this.hex(name, 16)}`)
  }

  /** A list of texts; none when it is left out. */
  texts(name: string): string[] {
    const value = this.any(name) ?? []
    const isTexts = Array.isArray(value) && value.every((item) => typeof item === 'string')
    if (isTexts) return value
    throw new Malformed(`${name} is no list of texts`)
  }

  object(name: string): Fields {
    return fieldsOf(this.any(name), name)
  }

  optional(name: string): Fields | undefined {
    return this.any(name) === undefined ? undefined : this.object(name)
  }

  list(name: string): Fields[] {
    const value = this.any(name)
    if (!Array.isArray(value)) throw new Malformed(`${name} is no list`)
    return value.map((item: unknown) => fieldsOf(item, name))
  }
}

/** @throws Malformed when it is no object. */
export function fieldsOf(value: unknown, name = 'it'): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return new Fields(value as Record<string, unknown>)
  }
  throw new Malformed(`${name} is no object`)
}
