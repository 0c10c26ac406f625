/** Fields of JSON documents, read strictly: unknown ones are refused, since what nobody reads nobody checks. */
import { fromBase64 } from './bytes.ts'
import { MalformedProof } from './proof-text.ts'

/** @throws MalformedProof */
export function objectOf(what: string, value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  throw new MalformedProof(`${what} is not a JSON object`)
}

/** @throws MalformedProof */
export function onlyKnown(what: string, fields: object, known: readonly string[]): void {
  const unknown = Object.keys(fields).find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw new MalformedProof(`${what} has the unknown field ${JSON.stringify(unknown)}`)
}

/** @returns undefined when there is none. @throws MalformedProof */
export function bytesOf(name: string, value: unknown): Uint8Array | undefined {
  if (value === undefined) return undefined
  const bytes = typeof value === 'string' ? fromBase64(value) : undefined
  if (bytes === undefined) throw new MalformedProof(`"${name}" is not base64`)
  return bytes
}

/** What is hashed for an account's id has no two readings, and what is printed has no control characters. */
export function isAddress(text: string): boolean {
  return text.length <= 255 && /^[A-Za-z0-9_.:-]+$/.test(text)
}

/** A field when there is a value, nothing otherwise. */
export function given<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { [Key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [Key in Name]: Value })
}
