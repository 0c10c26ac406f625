/** Between the names of the wire and those of programs: snake_case and text there, camelCase, bigint and Date here. */

/** Whole numbers that travel as text. Anything of these names that is text becomes bigint. */
const WHOLE = new Set([
  'accounts',
  'amount',
  'available',
  'balance',
  'captured',
  'credits',
  'creditsPending',
  'creditsPosted',
  'debits',
  'debitsPending',
  'debitsPosted',
  'durableSequence',
  'closing',
  'comparedSequence',
  'count',
  'entries',
  'holds',
  'opening',
  'events',
  'hashed',
  'signed',
  'size',
  'held',
  'limit',
  'limitBefore',
  'needed',
  'number',
  'rebuildingUntil',
  'recordCount',
  'remaining',
  'requestedAmount',
  'reversed',
  'reversedAmount',
  'sequence',
  'subtreeLimit',
  'subtreeLimitBefore',
  'total',
  'above',
  'used',
  'position',
  'waiting',
  'dead',
  'replayed',
  'threshold',
  'rearm',
  'amountFrom',
  'measured',
  'firings',
  'suppressed',
  'forgotten',
  'holdSequence',
])

/** What people wrote themselves: never looked into. */
const OPAQUE = new Set(['metadata', 'private', 'body'])

type Fields = Record<string, unknown>

/** What is sent. `undefined` fields are left out. */
export function toWire(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(toWire)
  if (typeof value !== 'object' || value === null) return value
  const fields: Fields = {}
  for (const [name, field] of Object.entries(value)) {
    if (field !== undefined) fields[snake(name)] = OPAQUE.has(name) ? field : toWire(field)
  }
  return fields
}

/** What was answered. Its shape is the server's promise: only names and whole numbers are changed. */
export function fromWire(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromWire)
  if (typeof value !== 'object' || value === null) return value
  const fields: Fields = {}
  for (const [wireName, field] of Object.entries(value)) {
    const name = camel(wireName)
    fields[name] = fieldFromWire(name, field)
  }
  return fields
}

function fieldFromWire(name: string, field: unknown): unknown {
  if (OPAQUE.has(name)) return field
  if (typeof field === 'string') return WHOLE.has(name) ? BigInt(field) : field
  return name === 'balances' ? balancesFromWire(field) : fromWire(field)
}

/** Either one account's balances or, by address, those of several: addresses stay as they are. */
function balancesFromWire(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (typeof Reflect.get(value, 'debits_posted') === 'string') return fromWire(value)
  const byAddress = Object.entries(value).map(([address, of]) => [address, fromWire(of)])
  return Object.fromEntries(byAddress)
}

/** The query of a request, without what is undefined. */
export function queryText(query: object): string {
  const pairs = Object.entries(toWire(query) as Fields).map(([name, value]) => [
    name,
    String(value),
  ])
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`
}

const SNAKES = new Map<string, string>()
const CAMELS = new Map<string, string>()

function snake(name: string): string {
  return remembered(SNAKES, name, () =>
    name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  )
}

function camel(name: string): string {
  return remembered(CAMELS, name, () =>
    name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
  )
}

/** The names are few: those of the contract. */
function remembered(names: Map<string, string>, name: string, make: () => string): string {
  let made = names.get(name)
  if (made === undefined) {
    made = make()
    if (names.size < 1_000) names.set(name, made)
  }
  return made
}
