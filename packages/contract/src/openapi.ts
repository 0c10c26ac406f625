/** The OpenAPI 3.1 document, made from the table of routes and from nothing else. */
import { assert } from '@tallystick/money'
import { curlExample } from './curl.ts'
import { ANSWER_EXAMPLES, PROBLEM_EXAMPLE } from './examples.ts'
import { ANSWER_HEADERS } from './headers.ts'
import { MediaType } from './media-types.ts'
import { Problem, PROBLEMS } from './problems.ts'
import { type Answer, problemStatuses, type Resource, type Route } from './route.ts'
import { OPERATION_IDS, type OperationId, ROUTES } from './routes.ts'

export interface OpenapiOptions {
  /** Of the server that gives the document. */
  readonly version: string
  /** Where it is reached, without a slash at the end; default: where the document came from. */
  readonly url?: string
}

type Json = Record<string, unknown>

export function openapiDocument({ version, url = '/' }: OpenapiOptions): Json {
  const components = new Components()
  const paths: Record<string, Json> = {}
  for (const id of OPERATION_IDS) {
    const route: Route = ROUTES[id]
    // OpenAPI knows no parameter with slashes: its description says it.
    const path = (paths[route.path.replace('{+', '{')] ??= {})
    path[route.method.toLowerCase()] = operation(id, route, components)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tallystick',
      version,
      description: INTRODUCTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url }],
    security: [{ key: [] }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'A key, like the root key.' },
      },
      headers: headers(components),
      responses: Object.fromEntries(
        Object.entries(PROBLEM_STATUSES).map(([status, description]) => [
          `Problem${status}`,
          problemResponse(Number(status), description, components),
        ]),
      ),
      schemas: components.schemas,
    },
  }
}

const INTRODUCTION =
  'A money ledger: accounts, transfers, holds and their whole history. Amounts are strings of integer minor units; times are RFC 3339 in UTC. Every write takes an `Idempotency-Key` or a `reference`, and the same request again gets the first answer. Unknown fields are refused.'

/** In the order in which documents show them. */
const TAGS: Readonly<Record<Resource, string>> = {
  accounts: 'Open, read, change, close and list accounts.',
  transfers: 'Move money between two accounts, add, take, and take back.',
  transactions: 'Move several amounts, all or nothing.',
  holds: 'Reserve, capture, release.',
  batches: 'Thousands of commands in one request.',
  balances: 'Balances now and at any moment, and totals.',
  entries: 'History and statements.',
  assets: 'What can be counted.',
  books: 'Closed periods.',
  requests: 'What was asked, by whom, and what it caused.',
  subjects: 'Personal data: it can be erased.',
  log: 'Proofs: checkpoints, tiles and receipts.',
  access: 'Who may do what: principals, keys, roles and grants.',
  events: 'What happened, as a stream.',
  webhooks: 'What happened, sent to an address of yours.',
  rules: 'What watches accounts, tells and freezes.',
  reports: 'Trial balance, turnover and other sums.',
  read_models: 'The tables that queries and reports are answered from.',
  operations: 'Health, figures and documents.',
}

const PROBLEM_STATUSES: Readonly<Record<number, string>> = {
  400: 'The request is malformed; nothing was done and nothing is remembered.',
  401: 'There is no valid key.',
  403: 'The key has no right to do this.',
  404: 'There is no such thing, or not for this key.',
  409: 'It contradicts what is there already.',
  412: 'The sequence is not one of this ledger.',
  413: 'Too large.',
  415: 'The body is not in a form that this operation takes.',
  422: 'Refused by a rule; the refusal is remembered.',
  429: 'Too many requests.',
  503: 'Not now. Nothing was decided, unless the code says `outcome_unknown`.',
}

function problemResponse(status: number, description: string, components: Components): Json {
  const example = status === PROBLEM_EXAMPLE.status ? { example: PROBLEM_EXAMPLE } : {}
  const content = { [MediaType.problem]: { schema: components.schemaOf(Problem), ...example } }
  return { description: withCodes(description, status), content }
}

function withCodes(description: string, status: number): string {
  const codes = Object.entries(PROBLEMS)
    .filter(([, spec]) => spec.status === status)
    .map(([code]) => `\`${code}\``)
  return `${description} Codes: ${codes.join(', ')}.`
}

function operation(id: OperationId, route: Route, components: Components): Json {
  const curl = curlExample(route)
  const needsBody = route.body !== undefined && route.bodyOptional !== true
  return {
    operationId: id,
    tags: [route.resource],
    summary: route.summary,
    description: route.description,
    ...(route.scope === null ? { security: [] } : { 'x-scope': route.scope }),
    'x-operation-number': route.number,
    parameters: [
      ...parameters('path', route, components),
      ...parameters('query', route, components),
      ...parameters('header', route, components),
    ],
    ...(route.body === undefined
      ? {}
      : { requestBody: { required: needsBody, content: bodyContent(route, components) } }),
    responses: responses(id, route, components),
    ...(curl === undefined ? {} : { 'x-codeSamples': [{ lang: 'Shell', source: curl }] }),
  }
}

const SOURCES = { path: 'params', query: 'query', header: 'headers' } as const

function parameters(place: keyof typeof SOURCES, route: Route, components: Components): Json[] {
  const schema = route[SOURCES[place]]
  return Object.entries(schema?.properties ?? {}).map(([name, property]) => ({
    name: place === 'header' ? headerName(name) : name,
    in: place,
    required: schema?.required?.includes(name) === true,
    schema: components.schemaOf(property),
  }))
}

/** `idempotency-key` → `Idempotency-Key`. */
function headerName(name: string): string {
  return name.replaceAll(/(^|-)[a-z]/g, (letters) => letters.toUpperCase())
}

function bodyContent(route: Route, components: Components): Json {
  const example = route.example?.body
  const json = {
    schema: components.schemaOf(route.body ?? {}),
    ...(example === undefined ? {} : { example }),
  }
  const others = Object.entries(route.bodyOtherwise ?? {}).map(([type, description]) => [
    type,
    { schema: { description } },
  ])
  return { [MediaType.json]: json, ...Object.fromEntries(others) }
}

function responses(id: OperationId, route: Route, components: Components): Json {
  const shown = route.answers[201] === undefined ? '200' : '201'
  const good = Object.entries(route.answers).map(([status, answer]) => [
    status,
    response(answer, components, status === shown ? ANSWER_EXAMPLES[id] : undefined),
  ])
  const problems = problemStatuses(route)
    .filter((status) => route.answers[status] === undefined)
    .map((status) => [status, { $ref: `#/components/responses/Problem${status}` }])
  return Object.fromEntries([...good, ...problems]) as Json
}

function response(answer: Answer, components: Components, example: object | undefined): Json {
  const content = Object.entries(answer.content).map(([type, schema]) => [
    type,
    {
      ...(schema === undefined ? {} : { schema: components.schemaOf(schema) }),
      ...(schema === undefined || example === undefined ? {} : { example }),
    },
  ])
  const headers = (answer.headers ?? []).map((name) => [
    name,
    { $ref: `#/components/headers/${name}` },
  ])
  return {
    description: answer.description,
    ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers) as Json }),
    content: Object.fromEntries(content) as Json,
  }
}

function headers(components: Components): Json {
  return Object.fromEntries(
    Object.entries(ANSWER_HEADERS).map(([name, { description, schema }]) => [
      name,
      { description, schema: components.schemaOf(schema) },
    ]),
  )
}

/** Schemas with a title are written once, under it, and referred to from everywhere else. */
class Components {
  readonly schemas: Record<string, Json> = {}
  /** What each title means, without notes: two meanings under one title would be a wrong document. */
  readonly #meanings = new Map<string, string>()

  schemaOf(schema: object): Json {
    const { title, description, default: fallback, examples, ...rules } = schema as Json
    if (typeof title !== 'string') return this.#plain(schema)
    const meaning = JSON.stringify(rules)
    assert((this.#meanings.get(title) ?? meaning) === meaning, `two schemas are called ${title}`)
    this.#meanings.set(title, meaning)
    if (this.schemas[title] === undefined) {
      this.schemas[title] = {}
      this.schemas[title] = this.#plain(schema)
    }
    const reference: Json = { $ref: `#/components/schemas/${title}` }
    // Where a schema is used it may mean something narrower: notes stand beside the reference.
    for (const [name, note] of Object.entries({ description, default: fallback, examples })) {
      const there = JSON.stringify(this.schemas[title][name])
      if (note !== undefined && JSON.stringify(note) !== there) reference[name] = note
    }
    return reference
  }

  #plain(schema: object): Json {
    return Object.fromEntries(
      Object.entries(schema).map(([key, value]) => [key, this.#value(key, value)]),
    )
  }

  #value(key: string, value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value
    switch (key) {
      case 'properties':
      case 'patternProperties':
        return Object.fromEntries(
          Object.entries(value).map(([name, property]) => [
            name,
            this.schemaOf(property as object),
          ]),
        )
      case 'items':
      case 'additionalProperties':
        return this.schemaOf(value)
      case 'anyOf':
        return (value as object[]).map((each) => this.schemaOf(each))
      default:
        return value
    }
  }
}
