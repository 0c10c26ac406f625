import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { openapiDocument } from './openapi.ts'
import { OPERATION_IDS, ROUTES } from './routes.ts'

const document = JSON.parse(JSON.stringify(openapiDocument({ version: '0.1.0' }))) as {
  paths: Record<string, Record<string, { operationId: string; security?: unknown[] }>>
}

test('the document is valid OpenAPI 3.1', async () => {
  const validator = new Validator()
  const result = await validator.validate(structuredClone(document))
  expect(result.errors).toBeUndefined()
  expect(result.valid).toBe(true)
  expect(validator.version).toBe('3.1')
})

test('every route is in it, and nothing else', () => {
  const described = Object.values(document.paths).flatMap((path) =>
    Object.values(path).map(({ operationId }) => operationId),
  )
  expect(described.sort()).toEqual([...OPERATION_IDS].sort())
})

test('every reference leads somewhere', () => {
  for (const [, pointer] of JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    const target = (pointer ?? '')
      .split('/')
      .reduce<unknown>((at, part) => Reflect.get(at as object, part), document)
    expect(target).toBeTypeOf('object')
  }
})

test('only what says so needs no key', () => {
  for (const id of OPERATION_IDS) {
    const { path, method, scope } = ROUTES[id]
    const { security } = document.paths[path.replace('{+', '{')]![method.toLowerCase()]!
    expect(security).toEqual(scope === null ? [] : undefined)
  }
})
