import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson, metadataRefusal, utf8Length } from './metadata.ts'

test('equal values have equal text in whatever order their fields come', () => {
  expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: true })).toBe(
    '{"a":true,"b":[1,{"c":"x","d":null}]}',
  )
})

test('canonical text means the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const plain: unknown = JSON.parse(JSON.stringify(value))
      expect(JSON.parse(canonicalJson(plain))).toEqual(plain)
    }),
  )
})

test('lengths are those of UTF-8', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      (text) => utf8Length(text) === Buffer.byteLength(text),
    ),
  )
})

test.each([
  ['{"private":1}', 'reserved_field', 'metadata.private'],
  ['{"a":{"__proto__":1}}', 'reserved_field', 'metadata.a.__proto__'],
  ['{"a":[{"constructor":1}]}', 'reserved_field', 'metadata.a[0].constructor'],
  ['{"a":"\\u0000"}', 'invalid_field', 'metadata.a'],
  ['{"a":"\\ud800"}', 'invalid_field', 'metadata.a'],
  ['{"\\ud800":1}', 'invalid_field', 'metadata'],
  ['{"a":9007199254740993}', 'invalid_field', 'metadata.a'],
  ['{"a":1e999}', 'invalid_field', 'metadata.a'],
  [`{"a":"${'x'.repeat(4_089)}"}`, 'metadata_too_large', 'metadata'],
  [`{"a":${'['.repeat(40)}${']'.repeat(40)}}`, 'invalid_field', `metadata.a${'[0]'.repeat(31)}`],
])('%.40s is refused', (text, code, param) => {
  expect(metadataRefusal(JSON.parse(text) as object)).toMatchObject({ code, param })
})

test.each([
  '{}',
  '{"why":"top-up"}',
  '{"a":{"private":1},"n":-1.5}',
  `{"a":"${'x'.repeat(4_088)}"}`,
])('%.40s is kept', (text) => expect(metadataRefusal(JSON.parse(text) as object)).toBeUndefined())
