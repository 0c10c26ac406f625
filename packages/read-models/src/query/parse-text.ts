/**
 * A filter as the text of a URL: conditions with `;` between, all of which hold. `code=10`, `code=10,11`, `code!=10`, `amount>=1000`,
 * `address^=users:`, `metadata.cart=c-7`. A `\` takes what follows it as it is.
 */
import { type Field, fieldsOf, type QueryResource } from './fields.ts'
import { FilterRefused } from './filter.ts'

const OPERATORS = {
  '>=': 'gte',
  '<=': 'lte',
  '!=': 'not',
  '^=': 'prefix',
  '=': 'eq',
  '>': 'gt',
  '<': 'lt',
} as const

/** @returns the same as JSON, for `parseFilter`. @throws FilterRefused */
export function filterOfText(resource: QueryResource, text: string): object {
  const parts = split(text, ';').map((condition) => conditionOf(resource, condition))
  const [only] = parts
  return parts.length === 1 && only !== undefined ? only : { and: parts }
}

function conditionOf(resource: QueryResource, text: string): object {
  const match = /^([a-z_]+(?:\.(?:[^=<>!^\\]|\\.)+)?)(>=|<=|!=|\^=|=|>|<)([^]*)$/.exec(text)
  const [, name = '', operator = '', rest = ''] = match ?? []
  if (match === null || !isOperator(operator)) {
    throw new FilterRefused(
      'invalid',
      'filter',
      `filter has the condition ${JSON.stringify(text)}: write it like code=10, amount>=1000 or metadata.cart=c-7.`,
    )
  }
  const field = unescaped(name)
  const known = fieldsOf(resource).find((each) => each.name === field.split('.')[0])
  const values = split(rest, ',').map((value) => valueOf(known, unescaped(value)))
  const [first] = values
  const comparison = OPERATORS[operator]
  if (comparison !== 'eq' && comparison !== 'not') return { field, [comparison]: first }
  const equal = values.length === 1 ? { field, eq: first } : { field, in: values }
  return comparison === 'not' ? { not: equal } : equal
}

function isOperator(text: string): text is keyof typeof OPERATORS {
  return Object.hasOwn(OPERATORS, text)
}

/** As JSON would have it. Of metadata, what looks like a number or a truth value is one; in quotes it is a text. */
function valueOf(field: Field | undefined, text: string): unknown {
  if (field?.kind === 'code') return /^\d{1,5}$/.test(text) ? Number(text) : text
  if (field?.kind === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  if (field?.kind !== 'metadata') return text
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' ? text : value
  } catch {
    return text
  }
}

/** At a character that no backslash stands before. */
function split(text: string, at: string): string[] {
  const parts = ['']
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index)
    if (character === at) parts.push('')
    else if (character === '\\') parts[parts.length - 1] += character + text.charAt(++index)
    else parts[parts.length - 1] += character
  }
  return parts
}

const unescaped = (text: string): string => text.replaceAll(/\\([^])/g, '$1')
