import { Compile } from 'typebox/compile'
import { expect, test } from 'vitest'
import { curlExample } from './curl.ts'
import { ANSWER_EXAMPLES, PROBLEM_EXAMPLE } from './examples.ts'
import { parseParams, parseQuery } from './parse.ts'
import { Problem, PROBLEMS } from './problems.ts'
import type { Route } from './route.ts'
import { OPERATION_IDS, ROUTES } from './routes.ts'
import { Type } from 'typebox'

const answerSchema = (route: Route): Type.TSchema =>
  (route.answers[201] ?? route.answers[200])?.content['application/json'] ?? Type.Never()

const errorsOf = (schema: Type.TSchema, value: unknown) => Compile(schema).Errors(value)

test.each(Object.entries(ANSWER_EXAMPLES))('the answer shown for %s is one', (id, example) => {
  const route: Route = ROUTES[id as keyof typeof ANSWER_EXAMPLES]
  expect(errorsOf(answerSchema(route), example)).toEqual([])
})

test('the problem shown is one', () => {
  expect(errorsOf(Problem, PROBLEM_EXAMPLE)).toEqual([])
  expect(PROBLEMS.exceeds_credits).toMatchObject({ status: 422, title: PROBLEM_EXAMPLE.title })
})

test.each(OPERATION_IDS)('the example path of %s fits its route', (id) => {
  const route: Route = ROUTES[id]
  if (route.example === undefined) return
  const [path = '', query = ''] = `/v1${route.example.path}`.split('?')
  const names = Object.keys(route.params?.properties ?? {})
  const pattern = new RegExp(
    `^${route.path.replaceAll(/\{\w+\}/g, '([^/]+)').replace(/\{\+\w+\}/, '(.+)')}$`,
  )
  const values = pattern.exec(path)?.slice(1) ?? ['no match']
  const params = Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']))
  expect(values).toHaveLength(names.length)
  expect(parseParams(id, params).refusal).toBeUndefined()
  expect(parseQuery(id, new URLSearchParams(query)).refusal).toBeUndefined()
})

test('an example as a command line', () => {
  expect(curlExample(ROUTES.createTransfer)).toMatchInlineSnapshot(`
    "curl -s "$URL/transfers" -H "Authorization: Bearer $KEY" \\
      -H 'Content-Type: application/json' \\
      -d '{"debit_account":"users:1042:wallet","credit_account":"merchants:books","amount":"2500","asset":"EUR/2","code":10}'"
  `)
  expect(curlExample(ROUTES.getAccount)).toMatchInlineSnapshot(
    `"curl -s "$URL/accounts/users:1042:wallet" -H "Authorization: Bearer $KEY""`,
  )
  expect(curlExample(ROUTES.closeBooks)).toMatchInlineSnapshot(`
    "curl -s -X PUT "$URL/books" -H "Authorization: Bearer $KEY" \\
      -H 'Content-Type: application/json' \\
      -d '{"asset":"EUR/2","closed_until":"2026-10-31T23:59:59.999999999Z"}'"
  `)
  expect(curlExample(ROUTES.getHealth)).toBeUndefined()
  const quoted: Route = { ...ROUTES.createTransfer, example: { path: '/x', body: { a: "it's" } } }
  expect(curlExample(quoted)).toContain(String.raw`{"a":"it'\''s"}`)
})
