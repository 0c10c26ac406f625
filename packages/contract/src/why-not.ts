/** Turns what a validator found into one sentence about one field. */
import * as scalars from './scalars.ts'
import type { Refusal } from './refusal.ts'

/** What TypeBox says of a value that does not fit. */
export interface SchemaError {
  readonly keyword: string
  /** JSON pointer. */
  readonly instancePath: string
  readonly params: object
  readonly message: string
}

/** @param at name of the value itself, '' for a body. */
export function whyNot(errors: readonly SchemaError[], value: unknown, at: string): Refusal {
  // "schema is false" repeats what `additionalProperties` says better.
  const error = errors.find(({ keyword }) => keyword !== 'boolean') ?? errors[0]
  if (error === undefined) return { code: 'invalid_field', param: at, detail: 'is malformed.' }
  const param = paramOf(error.instancePath, at)
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownField(inside(param, firstOf(error.params, 'additionalProperties')))
    case 'required':
      return missingField(inside(param, firstOf(error.params, 'requiredProperties')))
    case 'propertyNames':
      return reservedField(inside(param, firstOf(error.params, 'propertyNames')))
    case 'not':
      return reservedField(param)
    default: {
      const name = param === '' ? 'The body' : param
      return { code: 'invalid_field', param, detail: `${name} ${sentence(error, value)}.` }
    }
  }
}

function unknownField(param: string): Refusal {
  return { code: 'unknown_field', param, detail: `There is no field ${param} here.` }
}

function missingField(param: string): Refusal {
  return { code: 'missing_field', param, detail: `${param} is missing.` }
}

function reservedField(param: string): Refusal {
  return { code: 'reserved_field', param, detail: `The name of ${param} is reserved.` }
}

/** `/postings/0/amount` → `postings[0].amount`. */
function paramOf(pointer: string, at: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : inside(path, part)), at)
}

function inside(param: string, field: string): string {
  return param === '' ? field : `${param}.${field}`
}

function firstOf(params: object, name: string): string {
  const list: unknown = Reflect.get(params, name)
  return Array.isArray(list) ? String(list[0]) : ''
}

function sentence(error: SchemaError, body: unknown): string {
  if (error.keyword === 'pattern') {
    const example = EXAMPLES.get(String(Reflect.get(error.params, 'pattern')))
    return example === undefined ? 'has the wrong form' : `must look like ${example}`
  }
  if (error.keyword === 'enum') {
    const allowed: unknown = Reflect.get(error.params, 'allowedValues')
    if (Array.isArray(allowed)) return `must be one of: ${allowed.join(', ')}`
  }
  if (
    error.keyword === 'type' &&
    error.instancePath.endsWith('amount') &&
    isNumberAt(error, body)
  ) {
    return 'must be a string of digits: JSON numbers are not exact'
  }
  return error.message
}

function isNumberAt({ instancePath }: SchemaError, body: unknown): boolean {
  let value = body
  for (const part of instancePath.split('/').slice(1)) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined
  }
  return typeof value === 'number'
}

/** An example says more than a regular expression. */
const EXAMPLES: ReadonlyMap<string, string> = new Map(
  Object.values(scalars).flatMap((schema) => {
    const pattern: unknown = Reflect.get(schema, 'pattern')
    const examples: unknown = Reflect.get(schema, 'examples')
    if (typeof pattern !== 'string' || !Array.isArray(examples)) return []
    return [[pattern, JSON.stringify(examples[0])] as const]
  }),
)
