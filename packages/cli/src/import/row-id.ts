/**
 * The id of a row's transfer: a hash of what names the row, so that the same row has the same id in every run, and a row
 * that was imported before does nothing. UUID version 8. It has no time in it: a date that was mended in the file must
 * meet the transfer that the row has already, and be refused, rather than book the row twice.
 */
import { hash } from 'node:crypto'

/** @param name of the map. @param parts what names the row. */
export function rowId(name: string, parts: readonly string[]): string {
  // Each part with its length, so that no two lists of parts are one text.
  let text = `tallystick/import/v1\n${name.length}\n${name}`
  for (const part of parts) text += `\n${part.length}\n${part}`
  const hex = hash('sha256', text, 'hex')
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
