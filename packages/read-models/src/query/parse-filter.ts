/** Holds what was asked to the fields of its resource: from the JSON of a body, or from the text of a URL. */
import { parseRequestId, parseTime } from '@tallystick/contract'

import { comparisonsOf, type Field, fieldsOf, type QueryResource } from './fields.ts'
import { COMPARISONS, type Comparison, type Filter, FilterRefused, type Value } from './filter.ts'
import { CONDITIONS_MAX, FILTER_DEPTH_MAX, VALUES_MAX } from '../limits.ts'

/** The sequence of what a reference of the caller's names; undefined: it names nothing. */
export type SequenceOfReference = (reference: string) => number | undefined

/** @param json an object of JSON. @throws FilterRefused */
export function parseFilter(
  resource: QueryResource,
  json: object,
  sequenceOf: SequenceOfReference = () => undefined,
): Filter {
  return new FilterParser(resource, sequenceOf).parse(json, 'filter', 1)
}

class FilterParser {
  readonly #resource: QueryResource
  readonly #sequenceOf: SequenceOfReference
  #conditions = 0
  #references = 0

  constructor(resource: QueryResource, sequenceOf: SequenceOfReference) {
    this.#resource = resource
    this.#sequenceOf = sequenceOf
  }

  parse(json: unknown, at: string, depth: number): Filter {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) {
      throw invalid(at, 'must be an object')
    }
    if (depth > FILTER_DEPTH_MAX) throw invalid(at, `lies deeper than ${FILTER_DEPTH_MAX} levels`)
    const { and, or, not, field, ...rest } = json as Record<string, unknown>
    const given = { and, or, not, field }
    const names = Object.entries(given).flatMap(([name, value]) =>
      value === undefined ? [] : [name],
    )
    if (names.length !== 1) {
      throw invalid(at, 'must have exactly one of and, or, not and field')
    }
    if (field !== undefined) return this.#condition(field, rest, at)
    const [unknown] = Object.keys(rest)
    if (unknown !== undefined) throw invalid(`${at}.${unknown}`, 'is not known here')
    if (not !== undefined) return { kind: 'not', part: this.parse(not, `${at}.not`, depth + 1) }
    return and === undefined
      ? { kind: 'or', parts: this.#parts(or, `${at}.or`, depth) }
      : { kind: 'and', parts: this.#parts(and, `${at}.and`, depth) }
  }

  #parts(json: unknown, at: string, depth: number): Filter[] {
    if (!Array.isArray(json) || json.length === 0)
      throw invalid(at, 'must be a list that is not empty')
    return json.map((part, index) => this.parse(part, `${at}[${index}]`, depth + 1))
  }

  #condition(name: unknown, rest: Record<string, unknown>, at: string): Filter {
    if (++this.#conditions > CONDITIONS_MAX) {
      throw invalid(at, `is one condition more than the ${CONDITIONS_MAX} that a filter may have`)
    }
    const { field, key } = this.#field(name, `${at}.field`)
    const comparisons = Object.keys(rest)
    const unknown = comparisons.find((each) => !isComparison(each))
    if (unknown !== undefined) throw invalid(`${at}.${unknown}`, 'is not known here')
    if (comparisons.length === 0)
      throw invalid(at, `needs one of ${comparisonsOf(field).join(', ')}`)
    const parts = comparisons.filter(isComparison).map((comparison): Filter => {
      const place = `${at}.${comparison}`
      if (!comparisonsOf(field).includes(comparison)) {
        throw invalid(
          place,
          `cannot be asked of ${field.name}: it takes ${comparisonsOf(field).join(', ')}`,
        )
      }
      const given = valuesOf({ field, comparison }, rest[comparison], place)
      const values = field.kind === 'reference' ? this.#sequences(given, place) : given
      return { kind: 'condition', field, key, comparison, values }
    })
    const [only] = parts
    return parts.length === 1 && only !== undefined ? only : { kind: 'and', parts }
  }

  /** Each is looked up in the ledger, so there are not many. */
  #sequences(references: readonly Value[], at: string): Value[] {
    this.#references += references.length
    if (this.#references > VALUES_MAX) {
      throw invalid(at, `has more than the ${VALUES_MAX} references that a filter may have`)
    }
    // No event has the sequence 0.
    return references.map((reference) => `${this.#sequenceOf(String(reference)) ?? 0}`)
  }

  #field(name: unknown, at: string): { readonly field: Field; readonly key: string } {
    const fields = fieldsOf(this.#resource)
    if (typeof name === 'string') {
      const isMetadata = name.startsWith('metadata.') && name.length > 'metadata.'.length
      const found = fields.find((each) =>
        isMetadata ? each.kind === 'metadata' : each.name === name && each.kind !== 'metadata',
      )
      if (found !== undefined)
        return { field: found, key: isMetadata ? name.slice('metadata.'.length) : '' }
    }
    const known = fields.map((each) => (each.kind === 'metadata' ? 'metadata.NAME' : each.name))
    throw invalid(at, `must be one of ${known.join(', ')}`)
  }
}

function isComparison(name: string): name is Comparison {
  return COMPARISONS.some((each) => each === name)
}

function valuesOf(
  { field, comparison }: { field: Field; comparison: Comparison },
  json: unknown,
  at: string,
): Value[] {
  if (comparison !== 'in') return [valueOf(field, json, at)]
  if (!Array.isArray(json) || json.length === 0)
    throw invalid(at, 'must be a list that is not empty')
  if (json.length > VALUES_MAX) throw invalid(at, `has more than ${VALUES_MAX} values`)
  return json.map((value, index) => valueOf(field, value, `${at}[${index}]`))
}

function valueOf({ kind }: Field, value: unknown, at: string): Value {
  switch (kind) {
    case 'boolean':
      if (typeof value === 'boolean') return value
      throw invalid(at, 'must be true or false')
    case 'code':
      if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65_535)
        return value
      throw invalid(at, 'must be a whole number up to 65535')
    case 'amount':
    case 'whole':
      if (typeof value === 'string' && /^(0|-?[1-9]\d{0,38})$/.test(value)) return value
      throw invalid(at, 'must be a whole number as text, like "1050"')
    case 'time':
      return timeOf(value, at)
    case 'metadata':
      return metadataOf(value, at)
    case 'request':
      if (typeof value === 'string' && parseRequestId(value) !== undefined) return value
      throw invalid(at, 'must be the id of a request, like "req_01M8BCH25J7CK03BC65QBBTGAW"')
    default:
      return textOf(kind, value, at)
  }
}

function timeOf(value: unknown, at: string): string {
  const ns = typeof value === 'string' ? parseTime(value) : undefined
  if (ns === undefined) throw invalid(at, 'must be a time like "2026-11-21T09:00:00Z"')
  return `${ns}`
}

function metadataOf(value: unknown, at: string): Value {
  if (typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (typeof value === 'string' && !value.includes('\0') && value.isWellFormed()) return value
  throw invalid(at, 'must be a text, a number, true or false')
}

const TEXT_LENGTH_MAX = 255

function textOf(kind: Field['kind'], value: unknown, at: string): string {
  const isText =
    typeof value === 'string' && /^[\x20-\x7e]*$/.test(value) && value.length <= TEXT_LENGTH_MAX
  if (!isText) throw invalid(at, 'must be a text')
  if (!Array.isArray(kind) || kind.includes(value)) return value
  throw invalid(at, `must be one of ${kind.join(', ')}`)
}

function invalid(param: string, what: string): FilterRefused {
  return new FilterRefused('invalid', param, `${param} ${what}.`)
}
