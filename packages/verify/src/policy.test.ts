import { expect, test } from 'vitest'

import { ORIGIN, TestSigner } from './log.fixture.ts'
import { trustPolicy } from './policy.ts'
import { formatVerifierKey, SignatureType, verifierKey } from './verifier-key.ts'

const log = new TestSigner(ORIGIN, SignatureType.ed25519)
const next = new TestSigner(ORIGIN, SignatureType.ed25519)
const other = new TestSigner('other.example/log', SignatureType.ed25519)
const w1 = new TestSigner('w1.example', SignatureType.cosignature)
const w2 = new TestSigner('w2.example', SignatureType.cosignature)
const keys = [log.vkey]

test('the log is named by its key, and all witnesses that are given must sign', () => {
  expect(trustPolicy({ keys })).toEqual({
    origin: ORIGIN,
    logKeys: [log.key],
    witnessKeys: [],
    quorum: 0,
  })
  const witnesses = [w1.vkey, w2.vkey]
  expect(trustPolicy({ keys: [log.vkey, next.vkey], witnesses })).toMatchObject({
    logKeys: [log.key, next.key],
    witnessKeys: [w1.key, w2.key],
    quorum: 2,
  })
  expect(trustPolicy({ keys, witnesses, quorum: 1 }).quorum).toBe(1)
})

test('a policy that cannot be meant is refused', () => {
  const alias = formatVerifierKey(verifierKey('alias', SignatureType.cosignature, w1.key.publicKey))
  expect(() => trustPolicy({ keys: [] })).toThrow('no key of the log is given')
  expect(() => trustPolicy({ keys: ['nonsense'] })).toThrow('is no verifier key')
  expect(() => trustPolicy({ keys: [log.vkey, other.vkey] })).toThrow('of different logs')
  expect(() => trustPolicy({ keys, witnesses: [next.vkey] })).toThrow("is not a witness's")
  expect(() => trustPolicy({ keys, witnesses: [w1.vkey, alias] })).toThrow('same public key')
  expect(() => trustPolicy({ keys, witnesses: [w1.vkey], quorum: 2 })).toThrow('a quorum of 2')
  expect(() => trustPolicy({ keys, quorum: 1 })).toThrow('a quorum of 1 out of 0')
  expect(() => trustPolicy({ keys, witnesses: [w1.vkey], quorum: 0.5 })).toThrow('a quorum of 0.5')
})
