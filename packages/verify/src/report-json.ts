/** Reports as JSON: names in snake_case, big numbers as decimal strings, bytes as base64. */
import { toBase64 } from './bytes.ts'

/** Two spaces deep, with a line feed at its end. */
export function reportJson(report: object): string {
  return `${JSON.stringify(plain(report), undefined, 2)}\n`
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Uint8Array) return toBase64(value)
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [snakeCase(name), plain(field)]),
  )
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
