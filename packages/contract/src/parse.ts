/**
 * Holds what comes in to the schemas of its route: text of the query to typed values, bodies to a refusal that names the
 * field. What passes has the types of `Params`, `Query` and `Body`.
 */
import type { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { BatchCommands } from './batches.ts'
import { BATCH_COMMANDS_MAX } from './limits.ts'
import type { Refusal } from './refusal.ts'
import type { Route } from './route.ts'
import { type Body, type OperationId, type Params, type Query, ROUTES } from './routes.ts'
import { type SchemaError, whyNot } from './why-not.ts'

export type Parsed<Value> =
  | { readonly value: Value; readonly refusal?: undefined }
  | { readonly refusal: Refusal; readonly value?: undefined }

interface Checker {
  Check(value: unknown): boolean
  Errors(value: unknown): readonly SchemaError[]
}

/** Compiled at first use: a client that only wants types compiles nothing. */
const checkers = new Map<object, Checker>()

function checkerOf(schema: Type.TSchema): Checker {
  let checker = checkers.get(schema)
  if (checker === undefined) {
    checker = Compile(schema)
    checkers.set(schema, checker)
  }
  return checker
}

function refusalOf(schema: Type.TSchema, value: unknown, at = ''): Refusal | undefined {
  const checker = checkerOf(schema)
  return checker.Check(value) ? undefined : whyNot(checker.Errors(value), value, at)
}

/** Why the body is not what the operation takes; undefined: it is a `Body<Id>`. */
export function bodyRefusal(id: OperationId, body: unknown): Refusal | undefined {
  const route: Route = ROUTES[id]
  if (id === 'createBatch') return batchRefusal(body)
  if (body === undefined) {
    if (route.body === undefined || route.bodyOptional === true) return undefined
    return { code: 'missing_body', param: 'body', detail: 'This operation needs a JSON body.' }
  }
  if (route.body === undefined) {
    return { code: 'unknown_field', param: 'body', detail: 'This operation takes no body.' }
  }
  return refusalOf(route.body, body)
}

export function parseBody<Id extends OperationId>(id: Id, body: unknown): Parsed<Body<Id>> {
  const refusal = bodyRefusal(id, body)
  return refusal === undefined ? { value: body as Body<Id> } : { refusal }
}

/** Why one command of a batch is not one. @param at its place, like `commands[3]`. */
export function commandRefusal(command: unknown, at: string): Refusal | undefined {
  if (typeof command !== 'object' || command === null || Array.isArray(command)) {
    return { code: 'invalid_field', param: at, detail: `${at} must be an object.` }
  }
  const operation: unknown = Reflect.get(command, 'operation')
  if (typeof operation === 'string' && isBatchOperation(operation)) {
    return refusalOf(BatchCommands[operation], command, at)
  }
  const param = `${at}.operation`
  if (operation === undefined) {
    return { code: 'missing_field', param, detail: `${param} is missing.` }
  }
  const known = Object.keys(BatchCommands).join(', ')
  return { code: 'invalid_field', param, detail: `${param} must be one of: ${known}.` }
}

function isBatchOperation(text: string): text is keyof typeof BatchCommands {
  return Object.hasOwn(BatchCommands, text)
}

function batchRefusal(body: unknown): Refusal | undefined {
  if (typeof body !== 'object' || body === null || !('commands' in body)) {
    return { code: 'missing_field', param: 'commands', detail: 'commands is missing.' }
  }
  const { commands } = body
  if (!Array.isArray(commands)) {
    return { code: 'invalid_field', param: 'commands', detail: 'commands must be an array.' }
  }
  if (commands.length > BATCH_COMMANDS_MAX) {
    const detail = `${commands.length} commands; ${BATCH_COMMANDS_MAX} is the most.`
    return { code: 'batch_too_large', param: 'commands', detail }
  }
  // The rest of the object by the schema, with one command that is right in place of all of them.
  const shell = { ...body, commands: commands.length === 0 ? [] : [PLACEHOLDER] }
  const refusal = refusalOf(ROUTES.createBatch.body, shell)
  if (refusal !== undefined) return refusal
  for (let index = 0; index < commands.length; index++) {
    const found = commandRefusal(commands[index], `commands[${index}]`)
    if (found !== undefined) return found
  }
  return undefined
}

const PLACEHOLDER = { operation: 'close_account', account: 'a' } as const

/** Values of the path, decoded. */
export function parseParams<Id extends OperationId>(
  id: Id,
  params: Readonly<Record<string, string>>,
): Parsed<Params<Id>> {
  const { params: schema }: Route = ROUTES[id]
  if (schema === undefined) return { value: undefined as Params<Id> }
  const refusal = refusalOf(schema, params)
  if (refusal !== undefined) return { refusal: { ...refusal, code: 'invalid_parameter' } }
  return { value: params as Params<Id> }
}

/** Names and values of the query, decoded, in order. Integers and booleans become such; a name twice is refused. */
export function parseQuery<Id extends OperationId>(
  id: Id,
  pairs: Iterable<readonly [string, string]>,
): Parsed<Query<Id>> {
  const { query: schema }: Route = ROUTES[id]
  const query: Record<string, unknown> = {}
  for (const [name, text] of pairs) {
    const property =
      schema !== undefined && Object.hasOwn(schema.properties, name)
        ? schema.properties[name]
        : undefined
    if (property === undefined) return unknownParameter(name, `There is no parameter ${name}.`)
    if (Object.hasOwn(query, name)) return unknownParameter(name, `${name} is given twice.`)
    query[name] = valueOf(property, text)
  }
  const refusal = schema === undefined ? undefined : refusalOf(schema, query)
  if (refusal === undefined) return { value: query as Query<Id> }
  return { refusal: { ...refusal, code: 'invalid_parameter' } }
}

function unknownParameter(param: string, detail: string): { readonly refusal: Refusal } {
  return { refusal: { code: 'unknown_parameter', param, detail } }
}

/** Text that is not the type's one spelling stays text, which the schema then refuses. */
function valueOf(schema: Type.TSchema, text: string): unknown {
  const type: unknown = Reflect.get(schema, 'type')
  if (type === 'integer') return /^(0|[1-9]\d{0,9})$/.test(text) ? Number(text) : text
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  return text
}

/** Why a header is not what the operation takes. @param headers by name in lower case. */
export function headersRefusal(
  id: OperationId,
  headers: Readonly<Record<string, unknown>>,
): Refusal | undefined {
  const { headers: schema }: Route = ROUTES[id]
  for (const [name, property] of Object.entries(schema?.properties ?? {})) {
    if (headers[name] === undefined) continue
    const refusal = refusalOf(property, headers[name], name)
    if (refusal !== undefined) return { ...refusal, code: 'invalid_header', param: name }
  }
  return undefined
}
