/** The mapping file's text into a `BookingMap`; every mistake is a sentence that names the field. */
import { AccountFlag } from '@tallystick/contract'
import { usageError } from '../failure.ts'
import type {
  AccountRule,
  AmountRule,
  BookingMap,
  CodeRule,
  DateRule,
  DirectionRule,
} from './booking-map.ts'
import { checkDateFormat } from './date-reader.ts'
import { JsonFields } from './json-fields.ts'
import { Template } from './template.ts'

const CODE_MAX = 0xffff

/** @throws CommandError */
export function parseMap(text: string): BookingMap {
  const fields = new JsonFields(parseJson(text), '')
  const amount = amountRule(fields)
  const map: BookingMap = {
    name: fields.text('name'),
    id: fields.texts('id', []),
    asset: Template.parse(fields.text('asset'), 'asset'),
    account: accountRules(fields, 'account'),
    counterparty: accountRules(fields, 'counterparty'),
    amount,
    direction: directionRule(fields, amount),
    numbers: {
      decimal: fields.text('decimal', '.'),
      grouping: fields.texts('grouping', [''])[0] ?? '',
    },
    date: dateRule(fields),
    code: codeRule(fields),
    metadata: metadataRule(fields),
    delimiter: fields.text('delimiter', ','),
  }
  fields.take('about')
  fields.end()
  return map
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw usageError(`The map is not JSON: ${error instanceof Error ? error.message : ''}`)
  }
}

/** A template, a rule, or a list of rules, of which the first that fits a row counts. */
function accountRules(fields: JsonFields, name: string): AccountRule[] {
  const value = fields.take(name)
  if (value === undefined) fields.fail(name, 'is missing')
  const list: unknown[] = Array.isArray(value) ? value : [value]
  return list.map((rule, index) => {
    const where = Array.isArray(value) ? `${name}[${index}]` : name
    return accountRule(typeof rule === 'string' ? { address: rule } : rule, where)
  })
}

function accountRule(value: unknown, where: string): AccountRule {
  const fields: JsonFields = new JsonFields(value, where)
  const flags = fields.texts('flags', [])
  if (!flags.every(isFlag)) fields.fail('flags', `must be some of ${AccountFlag.enum.join(', ')}`)
  const rule = {
    address: Template.parse(fields.text('address'), fields.path('address')),
    code: fields.number('code', { min: 1, max: CODE_MAX, otherwise: 1 }),
    flags,
    limit: fields.text('limit', '0'),
    when: whenRule(fields),
  }
  fields.end()
  return rule
}

const isFlag = (flag: string): flag is AccountFlag =>
  (AccountFlag.enum as readonly string[]).includes(flag)

function whenRule(fields: JsonFields): Map<string, string[]> {
  const conditions = new Map<string, string[]>()
  if (!fields.has('when')) return conditions
  const when = fields.object('when')
  for (const [column] of fields.entries('when')) conditions.set(column, when.texts(column))
  return conditions
}

function amountRule(fields: JsonFields): AmountRule {
  const value = fields.take('amount')
  if (typeof value === 'string') return { kind: 'one', column: value }
  const two = new JsonFields(value, 'amount')
  const rule = { kind: 'two', credit: two.text('credit'), debit: two.text('debit') } as const
  two.end()
  return rule
}

function directionRule(fields: JsonFields, amount: AmountRule): DirectionRule {
  const value = fields.take('direction')
  if (amount.kind === 'two') {
    if (value !== undefined) fields.fail('direction', 'is said by the two columns of amount')
    return { kind: 'sign' }
  }
  if (value === 'sign') return { kind: 'sign' }
  if (value === 'credit' || value === 'debit') return { kind: 'always', direction: value }
  if (typeof value !== 'object') {
    fields.fail(
      'direction',
      'must be "sign", "credit", "debit" or an object with column, credit and debit',
    )
  }
  const of = fields.object('direction')
  const rule: DirectionRule = {
    kind: 'column',
    column: of.text('column'),
    credit: of.texts('credit'),
    debit: of.texts('debit'),
  }
  of.end()
  return rule
}

function dateRule(fields: JsonFields): DateRule | undefined {
  const value = fields.take('date')
  if (value === undefined) return undefined
  const of = new JsonFields(typeof value === 'string' ? { column: value } : value, 'date')
  const rule = {
    column: of.text('column'),
    format: of.text('format', 'iso'),
    timeZone: of.text('time_zone', 'UTC'),
  }
  of.end()
  checkDateFormat(rule)
  return rule
}

function codeRule(fields: JsonFields): CodeRule {
  const value = fields.take('code') ?? 1
  if (typeof value === 'number') {
    const otherwise = fields.number('code', { min: 1, max: CODE_MAX, otherwise: 1 })
    return { column: undefined, values: new Map(), default: otherwise }
  }
  const of = new JsonFields(value, 'code')
  const names = of.entries('values').map(([name]) => name)
  const values = of.object('values')
  const bounds = { min: 1, max: CODE_MAX, otherwise: 1 }
  const rule = {
    column: of.text('column'),
    values: new Map(names.map((name) => [name, values.number(name, bounds)])),
    default: of.number('default', bounds),
  }
  of.end()
  return rule
}

/** A list of columns, or an object of names and columns. */
function metadataRule(fields: JsonFields): Map<string, string> {
  const value = fields.take('metadata') ?? []
  if (Array.isArray(value)) {
    return new Map(fields.texts('metadata', []).map((column) => [column, column]))
  }
  const of = fields.object('metadata')
  return new Map(fields.entries('metadata').map(([name]) => [name, of.text(name)]))
}
