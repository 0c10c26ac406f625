import { inspect } from 'node:util'

import {
  formatNote,
  MalformedKey,
  MalformedNote,
  parseCheckpoint,
  parseNote,
  SignatureType,
  verifyNote,
} from '@tallystick/verify'
import { expect, test } from 'vitest'

import { addSignatures, cosign, signCheckpoint, signNote } from './sign-note.ts'
import { SigningKey } from './signing-key.ts'

/** From the documentation of golang.org/x/mod/sumdb/note. */
const PETER = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz'
const PETER_VKEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
const TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
const NOTE = `${TEXT}
— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`

/** From the README of transparency-dev/tessera's example log. */
const TESSERA =
  'PRIVATE+KEY+example.com/log/testdata+33d7b496+AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg'

const checkpoint = {
  origin: 'example.com/log',
  size: 20852163n,
  root: new Uint8Array(32).fill(7),
  extensions: [],
}
const logKey = SigningKey.generate('example.com/log', SignatureType.ed25519)
const witnessKey = SigningKey.generate('witness.example/w1', SignatureType.cosignature)

test('the published private key signs the published note, byte for byte', () => {
  const key = SigningKey.parse(PETER)
  expect(key.vkey).toBe(PETER_VKEY)
  expect(key.encode()).toBe(PETER)
  expect(formatNote(signNote(TEXT, [key]))).toBe(NOTE)
  expect(SigningKey.parse(TESSERA).encode()).toBe(TESSERA)
})

test('a part of a private key is none, and neither is one with any character changed', () => {
  for (let from = 0; from <= PETER.length; from++) {
    for (let to = from; to <= PETER.length; to++) {
      if (to - from === PETER.length) continue
      expect(() => SigningKey.parse(PETER.slice(from, to))).toThrow(MalformedKey)
    }
  }
  for (let at = 0; at < PETER.length; at++) {
    const changed = String.fromCharCode(PETER.charCodeAt(at) + 1)
    const text = PETER.slice(0, at) + changed + PETER.slice(at + 1)
    expect(() => SigningKey.parse(text)).toThrow(MalformedKey)
  }
})

test('what is made is read again, and verifies', async () => {
  for (const key of [logKey, witnessKey]) {
    const again = SigningKey.parse(key.encode())
    expect(again.vkey).toBe(key.vkey)
    expect(again.sign(Uint8Array.of(1))).toEqual(key.sign(Uint8Array.of(1)))
  }
  const note = signCheckpoint(checkpoint, [logKey])
  const { text } = parseNote(note)
  expect(parseCheckpoint(text)).toEqual(checkpoint)
  const cosigned = addSignatures(parseNote(note), [cosign(text, witnessKey, 1_679_315_147n)])
  const keys = [logKey.verifierKey, witnessKey.verifierKey]
  const { verified, failed } = await verifyNote(parseNote(formatNote(cosigned)), keys)
  expect(verified.map(({ key, timestamp }) => [key, timestamp])).toEqual([
    [logKey.verifierKey, undefined],
    [witnessKey.verifierKey, 1_679_315_147n],
  ])
  expect(failed).toEqual([])
})

test('a new signature of a key takes the place of its old one', () => {
  const { text, signatures } = parseNote(signCheckpoint(checkpoint, [logKey]))
  const first = cosign(text, witnessKey, 1n)
  const second = cosign(text, witnessKey, 2n)
  const once = addSignatures({ text, signatures }, [first])
  expect(addSignatures(once, [second]).signatures).toEqual([...signatures, second])
})

test('a private key shows itself nowhere but where it is encoded', () => {
  const secret = PETER.split('+').slice(4).join('+')
  const key = SigningKey.parse(PETER)
  for (const shown of [
    inspect(key),
    JSON.stringify({ key }),
    inspect({ key }, { depth: 9, showHidden: true }),
  ]) {
    expect(shown).not.toContain(secret)
    expect(shown).not.toContain(secret.slice(1, 20))
  }
  // Also not in the error for a key with a wrong id.
  const parse = (): SigningKey => SigningKey.parse(PETER.replace('c74f20a3', 'c74f20a4'))
  expect(parse).toThrow(/^the key id of PeterNeumann is c74f20a4, but its key gives c74f20a3$/)
})

test('each type of key signs its own kind only, and only what can be read', () => {
  const { text } = parseNote(signCheckpoint(checkpoint, [logKey]))
  expect(() => signNote(text, [witnessKey])).toThrow(MalformedKey)
  expect(() => cosign(text, logKey, 1n)).toThrow(MalformedKey)
  expect(() => signNote('abc', [logKey])).toThrow(MalformedNote)
  expect(() => signNote('a\rb\n', [logKey])).toThrow(MalformedNote)
  expect(() => signNote(text, [])).toThrow(MalformedNote)
  expect(() => cosign('abc\n', witnessKey, 1n)).toThrow(/tree size/)
  expect(() => cosign(text, witnessKey, 0n)).toThrow(RangeError)
  expect(() => cosign(text, witnessKey, 2n ** 63n)).toThrow(RangeError)
  expect(() => SigningKey.generate('a b', SignatureType.ed25519)).toThrow(MalformedKey)
})
