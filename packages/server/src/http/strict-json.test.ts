import fc from 'fast-check'
import { expect, test } from 'vitest'

import { Refused } from './refused.ts'
import { parseJson } from './strict-json.ts'

const parse = (text: string): unknown => parseJson(Buffer.from(text))

function codeOf(text: string): string | undefined {
  try {
    parse(text)
    return undefined
  } catch (error) {
    return error instanceof Refused ? error.facts.code : String(error)
  }
}

test('what JSON.parse reads is read the same', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parse(text)).toEqual(JSON.parse(text))
    }),
  )
})

test.each([
  ['{"a":1,"a":1}', 'a'],
  ['{"a":{"b":1,"c":[{"d":1,"d":2}]}}', 'd'],
  [String.raw`{"\u0061":1,"a":2}`, 'a'],
  [String.raw`{"x\"y":1,"x\"y":2}`, 'x"y'],
  ['{"ä":1,"ä":2}', 'ä'],
  ['{"__proto__":1,"__proto__":2}', '__proto__'],
  ['[{"1":1,"1":2}]', '1'],
])('%s has the field %s twice', (text, name) => {
  expect(codeOf(text)).toBe('duplicate_field')
  expect(() => parse(text)).toThrow(JSON.stringify(name))
})

test('a field given twice is found wherever it is', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), (object) => {
      const text = JSON.stringify(object)
      const [name = ''] = Object.keys(object)
      const twice = `${text.slice(0, -1)},${JSON.stringify(name)}:null}`
      expect(codeOf(`[${twice}]`)).toBe('duplicate_field')
    }),
  )
})

test.each([
  '{"a:b":"c:d","e":"\\\\"}',
  String.raw`{"a":"\\\":{[","b":[]}`,
  '{"a":{"a":{"a":1}},"b":{"a":2}}',
  ' [ 1 , "x:y" ] ',
])('%s is taken', (text) => {
  expect(parse(text)).toEqual(JSON.parse(text))
})

test.each(['', '{', '{"a"}', '{"a":1,}', 'NaN', '{"a":"', '"\u0000"', '{"a":1}}', '\ufeff{}'])(
  '%j is not JSON',
  (text) => {
    expect(codeOf(text)).toBe('malformed_json')
  },
)

test('bytes that are no UTF-8 are refused', () => {
  expect(() => parseJson(Buffer.from([0x22, 0xc3, 0x28, 0x22]))).toThrow('UTF-8')
})

test('32 levels are taken, 33 are not, and depth costs nothing', () => {
  expect(codeOf('['.repeat(32) + ']'.repeat(32))).toBeUndefined()
  expect(codeOf('['.repeat(33) + ']'.repeat(33))).toBe('malformed_json')
  expect(codeOf('{"a":'.repeat(200_000))).toBe('malformed_json')
})
