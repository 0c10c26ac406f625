import { expect, test } from 'vitest'

import { ENOCH_KEY, EXAMPLE_KEY, PETER_KEY, SUMDB_KEY } from './published.fixture.ts'
import {
  formatVerifierKey,
  isKeyName,
  MalformedKey,
  parseVerifierKey,
  SignatureType,
  verifierKey,
} from './verifier-key.ts'

test.each([PETER_KEY, ENOCH_KEY, EXAMPLE_KEY, SUMDB_KEY])(
  'the published key %s is read',
  (text) => {
    const key = parseVerifierKey(text)
    expect(formatVerifierKey(key)).toBe(text)
    expect(key.type).toBe(SignatureType.ed25519)
    expect(key.publicKey).toHaveLength(32)
    expect(verifierKey(key.name, key.type, key.publicKey)).toEqual(key)
  },
)

test('a part of a key is no key, and neither is one with any character changed', () => {
  for (let from = 0; from <= PETER_KEY.length; from++) {
    for (let to = from; to <= PETER_KEY.length; to++) {
      if (to - from === PETER_KEY.length) continue
      expect(() => parseVerifierKey(PETER_KEY.slice(from, to))).toThrow(MalformedKey)
    }
  }
  for (let at = 0; at < PETER_KEY.length; at++) {
    const changed = String.fromCharCode(PETER_KEY.charCodeAt(at) + 1)
    const text = PETER_KEY.slice(0, at) + changed + PETER_KEY.slice(at + 1)
    expect(() => parseVerifierKey(text)).toThrow(MalformedKey)
  }
})

test.each([
  // Both have the key id that belongs to what they hold.
  ['PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==', /no verifier key/],
  ['PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', /type 101/],
  ['PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', /no verifier key/],
  [`${PETER_KEY}\n`, /no verifier key/],
  [`${PETER_KEY}=`, /no verifier key/],
])('%j is refused with the reason', (text, why) => {
  expect(() => parseVerifierKey(text)).toThrow(why)
})

test('a key name has no plus, no space of Unicode and no control character', () => {
  for (const good of ['a', 'example.com/log', 'è', 'transparency.dev/DEV:w1']) {
    expect(isKeyName(good)).toBe(true)
  }
  const spaces = [
    ' ',
    '\n',
    '\t',
    '\u0085',
    '\u00a0',
    '\u2003',
    '\u2028',
    '\u3000',
    '\0',
    '+',
    '\ud800',
  ]
  for (const bad of ['', ...spaces.map((space) => `a${space}b`)]) expect(isKeyName(bad)).toBe(false)
})

test('the key id depends on the type, so one key can have both', () => {
  const { name, publicKey } = parseVerifierKey(PETER_KEY)
  const cosigning = verifierKey(name, SignatureType.cosignature, publicKey)
  expect(cosigning.keyId).not.toBe(parseVerifierKey(PETER_KEY).keyId)
  expect(parseVerifierKey(formatVerifierKey(cosigning))).toEqual(cosigning)
})
