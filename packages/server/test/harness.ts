/** A server for tests: in memory unless told otherwise, with every answer held to the contract's schemas. */
import {
  MediaType,
  OPERATION_IDS,
  Problem,
  problemStatuses,
  type Route,
  ROUTES,
} from '@tallystick/contract'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { expect, onTestFinished } from 'vitest'

import { type RunningServer, type ServerOptions, startServer } from '../src/index.ts'

export const ROOT_KEY = 'tk_root_0123456789abcdef0123456789abcdef'

export interface Reply {
  readonly status: number
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of every shape
  readonly json: any
  readonly text: string
  readonly bytes: Uint8Array
  readonly headers: Headers
}

export type Call = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Reply>

export interface TestServer extends RunningServer {
  readonly call: Call
}

/** Closed when the test is over. */
export async function testServer(options: ServerOptions = {}): Promise<TestServer> {
  const server = await startServer({ rootKey: ROOT_KEY, ...options })
  onTestFinished(() => server.close())
  return { ...server, call: callerOf(server.url) }
}

export function callerOf(url: string, key = ROOT_KEY): Call {
  return async (method, path, body, headers = {}) => {
    const type: Record<string, string> =
      body === undefined ? {} : { 'content-type': MediaType.json }
    const response = await fetch(url + path, {
      ...{ method, body: bodyOf(body) },
      headers: { authorization: `Bearer ${key}`, ...type, ...headers },
    })
    const bytes = new Uint8Array(await response.arrayBuffer())
    const text = Buffer.from(bytes).toString()
    const isJson = /[/+]json(;|$)/.test(response.headers.get('content-type') ?? '')
    const reply = {
      status: response.status,
      json: isJson ? (JSON.parse(text) as unknown) : undefined,
      ...{ text, bytes, headers: response.headers },
    }
    holdToContract(method, path, reply)
    return reply
  }
}

function bodyOf(body: unknown): string | Uint8Array<ArrayBuffer> | null {
  if (body === undefined) return null
  if (typeof body === 'string') return body
  return body instanceof Uint8Array ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body)
}

const checkers = new Map<TSchema, ReturnType<typeof Compile>>()

function check(schema: TSchema, value: unknown): void {
  const checker = checkers.get(schema) ?? Compile(schema)
  checkers.set(schema, checker)
  if (checker.Check(value)) return
  expect({ value, errors: [...checker.Errors(value)] }).toEqual({ value, errors: [] })
}

/** Every answer has a status and the shape that its route promises. */
function holdToContract(method: string, path: string, { status, json }: Reply): void {
  const route = routeOf(method, path)
  if (route !== undefined) expect(promisedStatuses(route)).toContain(status)
  if (json === undefined) return
  if (status >= 400 && status !== 503) return check(Problem, json)
  const schema = route?.answers[status]?.content[MediaType.json]
  if (schema !== undefined) check(schema, json)
}

function routeOf(method: string, path: string): Route | undefined {
  const [pathname = ''] = path.split('?')
  return OPERATION_IDS.map((id): Route => ROUTES[id]).find(
    (each) =>
      each.method === method &&
      new RegExp(`^${each.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(pathname),
  )
}

/** Broken files are no part of any promise: the tests that break them say what comes of it. */
function promisedStatuses(route: Route): number[] {
  return [...Object.keys(route.answers).map(Number), ...problemStatuses(route), 500]
}

export const WALLET = 'users:1042:wallet'
export const BOOKS = 'merchants:books'
export const FEES = 'platform:fees'

/** A wallet that cannot be overdrawn with 100.00 euro in it, and two plain accounts. */
export async function openWallet(call: Call): Promise<void> {
  const flags = ['debits_must_not_exceed_credits']
  await call('POST', '/v1/accounts', { address: WALLET, asset: 'EUR/2', code: 100, flags })
  for (const address of [BOOKS, FEES]) {
    await call('POST', '/v1/accounts', { address, asset: 'EUR/2', code: 200 })
  }
  await call('POST', `/v1/accounts/${WALLET}/increments`, { amount: '10000' })
}

export const PAYMENT = {
  ...{ debit_account: WALLET, credit_account: BOOKS },
  ...{ amount: '2500', asset: 'EUR/2', code: 10 },
}

export async function balanceOf(call: Call, address: string): Promise<string> {
  const { json } = await call('GET', `/v1/accounts/${address}`)
  return json.balances.balance
}
