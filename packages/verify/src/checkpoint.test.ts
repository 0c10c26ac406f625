import { expect, test } from 'vitest'

import {
  formatCheckpoint,
  MalformedCheckpoint,
  parseCheckpoint,
  parseTreeSize,
  TREE_SIZE_MAX,
} from './checkpoint.ts'
import { parseNote } from './note.ts'
import { CheckpointRefused, openCheckpoint, type TrustPolicy } from './open-checkpoint.ts'
import {
  ARCHE_CHECKPOINT,
  ARCHE_LOG_KEY,
  ARCHE_ORIGIN,
  ARCHE_WITNESS_KEYS,
  SOFA_CHECKPOINT,
  SUMDB_CHECKPOINT,
} from './published.fixture.ts'
import { parseVerifierKey, verifierKey } from './verifier-key.ts'

const ROOT = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I='

test.each([SOFA_CHECKPOINT, SUMDB_CHECKPOINT, ARCHE_CHECKPOINT])(
  'a published checkpoint is read, and its text written again',
  (note) => {
    const { text } = parseNote(note)
    const checkpoint = parseCheckpoint(text)
    expect(formatCheckpoint(checkpoint)).toBe(text)
    expect(checkpoint.extensions).toEqual([])
    expect(checkpoint.root).toHaveLength(32)
  },
)

test('origin, size, root and extension lines are what the lines say', () => {
  const text = `go.sum database tree\n20852163\n${ROOT}\none line\nand another\n`
  const checkpoint = parseCheckpoint(text)
  expect(checkpoint).toMatchObject({
    origin: 'go.sum database tree',
    size: 20852163n,
    extensions: ['one line', 'and another'],
  })
  expect(formatCheckpoint(checkpoint)).toBe(text)
})

test.each([
  '',
  '\n',
  'origin\n1\n',
  `\n1\n${ROOT}\n`,
  `origin\n1\n${ROOT}`,
  `origin\n01\n${ROOT}\n`,
  `origin\n-1\n${ROOT}\n`,
  `origin\n+1\n${ROOT}\n`,
  `origin\n1e3\n${ROOT}\n`,
  `origin\n 1\n${ROOT}\n`,
  `origin\n\n${ROOT}\n`,
  `origin\n٣\n${ROOT}\n`,
  `origin\n${2n ** 63n}\n${ROOT}\n`,
  `origin\n1\n${ROOT.slice(0, -1)}\n`,
  `origin\n1\n${ROOT.slice(0, -4)}\n`,
  `origin\n1\nAAAA${ROOT}\n`,
  `origin\n1\n${ROOT}\n\n`,
  `origin\n1\n${ROOT}\n\nextension\n`,
])('%j is no checkpoint', (text) => {
  expect(() => parseCheckpoint(text)).toThrow(MalformedCheckpoint)
})

test('sizes go up to 2^63 − 1', () => {
  expect(parseTreeSize('0')).toBe(0n)
  expect(parseTreeSize(`${TREE_SIZE_MAX}`)).toBe(TREE_SIZE_MAX)
  expect(parseTreeSize(`${TREE_SIZE_MAX + 1n}`)).toBeUndefined()
  expect(parseTreeSize('00')).toBeUndefined()
})

test('what could not be read again is not written', () => {
  const good = parseCheckpoint(`origin\n1\n${ROOT}\n`)
  for (const bad of [
    { ...good, origin: '' },
    { ...good, origin: 'two\nlines' },
    { ...good, size: -1n },
    { ...good, size: 2n ** 63n },
    { ...good, root: new Uint8Array(31) },
    { ...good, extensions: [''] },
    { ...good, extensions: ['two\nlines'] },
  ]) {
    expect(() => formatCheckpoint(bad)).toThrow(MalformedCheckpoint)
  }
})

const policy: TrustPolicy = {
  origin: ARCHE_ORIGIN,
  logKeys: [parseVerifierKey(ARCHE_LOG_KEY)],
  witnessKeys: ARCHE_WITNESS_KEYS.map(parseVerifierKey),
  quorum: 4,
}

test('a published checkpoint with four cosignatures is opened', async () => {
  const { checkpoint, logs, witnesses } = await openCheckpoint(ARCHE_CHECKPOINT, policy)
  expect(checkpoint.size).toBe(1432088532n)
  expect(logs.map(({ key }) => key)).toEqual(policy.logKeys)
  expect(witnesses.map(({ key }) => key)).toEqual(policy.witnessKeys)
  expect(witnesses.map(({ timestamp }) => timestamp)).toEqual(Array(4).fill(1779573024n))
})

const peterLike = (name: string, index: number) =>
  verifierKey(name, 4, policy.witnessKeys[index]!.publicKey)

test.each<[string, string, Partial<TrustPolicy>, RegExp]>([
  ['of another log', ARCHE_CHECKPOINT, { origin: 'other' }, /not of other/],
  ['without a key of the log', ARCHE_CHECKPOINT, { logKeys: [] }, /no key of the log/],
  ['with too few witnesses', ARCHE_CHECKPOINT, { quorum: 5 }, /4 known witnesses .* 5 are needed/],
  ['of another size', ARCHE_CHECKPOINT.replace('\n14', '\n15'), {}, /signature .* is wrong/],
  [
    'with a later time',
    ARCHE_CHECKPOINT.replace('qEiEgPlfF', 'qEiEhPlfF'),
    {},
    /remora.* is wrong/,
  ],
  ['with an extension', ARCHE_CHECKPOINT.replace('4Ro=\n', '4Ro=\nextra\n'), {}, /is wrong/],
  [
    'for two names of one witness',
    ARCHE_CHECKPOINT,
    { witnessKeys: [peterLike('a', 0), peterLike('b', 0)] },
    /same public key/,
  ],
  ['with a log as witness', ARCHE_CHECKPOINT, { witnessKeys: policy.logKeys }, /not for cosign/],
])('a checkpoint %s is refused with the reason', async (_what, note, change, why) => {
  const opened = openCheckpoint(note, { ...policy, ...change })
  await expect(opened).rejects.toThrow(CheckpointRefused)
  await expect(opened).rejects.toThrow(why)
})
