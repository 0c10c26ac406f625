/** JSON as `--json` prints it: the names and amounts of the HTTP interface. */

/** What people wrote themselves: its names stay as they are. */
const OPAQUE = new Set(['metadata', 'private', 'body'])

/** One line. bigints become text, names snake_case, what is undefined is left out. */
export function wireText(value: unknown): string {
  return JSON.stringify(wireValue(value))
}

function wireValue(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(wireValue)
  if (typeof value !== 'object' || value === null) return value
  const fields: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(value)) {
    if (field === undefined) continue
    fields[snake(name)] = OPAQUE.has(name) ? field : fieldValue(name, field)
  }
  return fields
}

/** Balances may be by address, and addresses may have capitals. */
function fieldValue(name: string, field: unknown): unknown {
  if (name !== 'balances' || typeof field !== 'object' || field === null) return wireValue(field)
  if ('debitsPosted' in field) return wireValue(field)
  return Object.fromEntries(Object.entries(field).map(([key, of]) => [key, wireValue(of)]))
}

function snake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
