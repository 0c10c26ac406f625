import { expect, test, vi } from 'vitest'

import { cosignatureMessage, decodeCosignature, encodeCosignature } from './cosignature.ts'
import { Ed25519Missing, verifyEd25519 } from './ed25519.ts'
import { parseNote } from './note.ts'
import {
  ENOCH_KEY,
  ENOCH_LINE,
  EXAMPLE_KEY,
  EXAMPLE_NOTE,
  PETER_KEY,
  PETER_LINE,
  PETER_TEXT,
  SOFA_CHECKPOINT,
  SUMDB_CHECKPOINT,
  SUMDB_KEY,
} from './published.fixture.ts'
import { parseVerifierKey, verifierKey } from './verifier-key.ts'
import { AmbiguousKeys, verifyNote } from './verify-note.ts'

const peter = parseVerifierKey(PETER_KEY)
const enoch = parseVerifierKey(ENOCH_KEY)
const both = parseNote(`${PETER_TEXT}\n${PETER_LINE}${ENOCH_LINE}`)

test.each([
  [EXAMPLE_KEY, EXAMPLE_NOTE],
  [SUMDB_KEY, SUMDB_CHECKPOINT],
])('what the published key %s signed verifies', async (key, note) => {
  const { verified, failed } = await verifyNote(parseNote(note), [parseVerifierKey(key)])
  expect(verified.map(({ key }) => key)).toEqual([parseVerifierKey(key)])
  expect(failed).toEqual([])
})

test('the known keys are found, the others ignored', async () => {
  expect((await verifyNote(both, [peter])).verified.map(({ key }) => key)).toEqual([peter])
  expect((await verifyNote(both, [enoch, peter])).verified.map(({ key }) => key)).toEqual([
    peter,
    enoch,
  ])
  expect(await verifyNote(both, [])).toEqual({ verified: [], failed: [] })
})

test('a line of a known name and another key id is of an unknown key, and the other way round', async () => {
  for (const line of [PETER_LINE.replace('x08g', 'xxxx'), PETER_LINE.replace('Peter', 'Paul')]) {
    const note = parseNote(`${PETER_TEXT}\n${line}`)
    expect(await verifyNote(note, [peter])).toEqual({ verified: [], failed: [] })
  }
})

test('a line of a known key that does not verify is told, also beside a good one', async () => {
  const wrong = PETER_LINE.replace('SffcvIAQ', 'ABCDvIAQ')
  const note = parseNote(`${PETER_TEXT}\n${PETER_LINE}${wrong}${ENOCH_LINE}`)
  const { verified, failed } = await verifyNote(note, [peter, enoch])
  expect(verified.map(({ key }) => key)).toEqual([peter, enoch])
  expect(failed).toEqual([peter])
  const other = parseNote(`Another text.\n\n${PETER_LINE}`)
  expect(await verifyNote(other, [peter])).toEqual({ verified: [], failed: [peter] })
})

test('a repeated line counts once, and so does a key given twice', async () => {
  const note = parseNote(`${PETER_TEXT}\n${PETER_LINE}${PETER_LINE}`)
  expect((await verifyNote(note, [peter, parseVerifierKey(PETER_KEY)])).verified).toHaveLength(1)
})

test('two keys of one name and id are an error, since neither is known then', async () => {
  const other = { ...peter, publicKey: enoch.publicKey }
  await expect(verifyNote(both, [peter, other])).rejects.toThrow(AmbiguousKeys)
})

test('a signature over a note is no cosignature, whatever its length', async () => {
  const cosigning = { ...verifierKey(peter.name, 4, peter.publicKey), keyId: peter.keyId }
  expect((await verifyNote(both, [cosigning])).failed).toEqual([cosigning])
})

test('the framing of a cosignature is that of the specification', () => {
  const { text, signatures } = parseNote(SOFA_CHECKPOINT)
  const cosignature = decodeCosignature(signatures[1]!.signature)!
  expect(signatures[1]).toMatchObject({ name: 'witness.example.com/w1', keyId: 0x8d66cf3f })
  expect(cosignature.timestamp).toBe(1679315147n)
  expect(cosignature.signature).toHaveLength(64)
  expect(encodeCosignature(cosignature)).toEqual(signatures[1]!.signature)
  expect(new TextDecoder().decode(cosignatureMessage(text, cosignature.timestamp))).toBe(
    'cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n',
  )
})

test('a timestamp beyond 2^63 − 1, or another length, is no cosignature', () => {
  const bytes = new Uint8Array(72)
  expect(decodeCosignature(bytes)?.timestamp).toBe(0n)
  bytes[0] = 0x80
  expect(decodeCosignature(bytes)).toBeUndefined()
  expect(decodeCosignature(new Uint8Array(71))).toBeUndefined()
  expect(decodeCosignature(new Uint8Array(64))).toBeUndefined()
})

test('a public key that is no point of the curve, or no key at all, verifies nothing', async () => {
  const message = new Uint8Array()
  const signature = new Uint8Array(64)
  for (const publicKey of [new Uint8Array(32).fill(0xff), new Uint8Array(31), new Uint8Array(33)]) {
    expect(await verifyEd25519({ publicKey, message, signature })).toBe(false)
  }
  const { publicKey } = peter
  expect(await verifyEd25519({ publicKey, message, signature: new Uint8Array(63) })).toBe(false)
})

test('a platform without Ed25519 is named, and nothing is said to be wrong', async () => {
  const unknown = new DOMException('Unrecognized name.', 'NotSupportedError')
  vi.stubGlobal('crypto', { subtle: { importKey: () => Promise.reject(unknown) } })
  await expect(verifyNote(both, [peter])).rejects.toThrow(Ed25519Missing)
  // As in a browser's page without TLS.
  vi.stubGlobal('crypto', {})
  await expect(verifyNote(both, [peter])).rejects.toThrow(/HTTPS/)
  vi.unstubAllGlobals()
})
