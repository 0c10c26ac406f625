/**
 * Metadata as the tables have it: its own fields that are texts, numbers or truth values, for finding it again. Everything else of it
 * stays in the book alone.
 */

/** @param bytes as the book has them: an object of JSON, or anything that a packed batch brought. @returns JSON; null: none of it. */
export function metadataText(bytes: Uint8Array): string | null {
  if (bytes.length === 0) return null
  const fields = Object.entries(objectOf(bytes)).filter(
    ([name, value]) => isKept(name) && isScalar(value),
  )
  return fields.length === 0 ? null : JSON.stringify(Object.fromEntries(fields))
}

function objectOf(bytes: Uint8Array): object {
  if (bytes[0] !== 0x7b) return {}
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'))
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

function isScalar(value: unknown): boolean {
  if (typeof value === 'string') return isKept(value)
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
}

/** PostgreSQL has no text with the character 0, nor with half of a surrogate pair. */
function isKept(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}
