import { freshSeed, Prng, SlowTree } from '@tallystick/testkit'
import {
  formatNote,
  parseNote,
  parseSignatureLines,
  parseVerifierKey,
  SignatureType,
  treeRoot,
  verifyNote,
} from '@tallystick/verify'
import { expect, test } from 'vitest'

import { MemoryStore } from '../memory-store.fixture.ts'
import { addSignatures, signCheckpoint } from '../note/sign-note.ts'
import { SigningKey } from '../note/signing-key.ts'
import { RecordUnreadable, type TreeHead } from '../tree-head.ts'
import {
  ADD_CHECKPOINT_BYTES_MAX,
  formatAddCheckpoint,
  parseAddCheckpoint,
} from './add-checkpoint.ts'
import { SIGSUM_REQUESTS, SIGSUM_VKEY } from './published.fixture.ts'
import { Witness, type WitnessAnswer } from './witness.ts'

const ORIGIN = 'ledger.example/log'
const logKey = SigningKey.generate(ORIGIN, SignatureType.ed25519)
const key = SigningKey.generate('witness.example/w1', SignatureType.cosignature)
const TIME = 1_795_000_000n
const ROOT = new Uint8Array(32)

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

const witnessOf = (stores: Map<string, MemoryStore>, logKeys = [logKey.verifierKey]): Witness =>
  new Witness({
    key,
    logKeys,
    storeOf: (origin) => stores.getOrInsertComputed(origin, () => new MemoryStore()),
    now: () => TIME,
  })

const noteOf = (head: TreeHead, keys = [logKey]): string =>
  signCheckpoint({ origin: ORIGIN, ...head, extensions: [] }, keys)

const ask = (
  witness: Witness,
  { old, proof = [], note }: { old: number; proof?: Uint8Array[]; note: string },
): Promise<WitnessAnswer> =>
  witness.addCheckpoint(bytesOf(formatAddCheckpoint(BigInt(old), proof, note)))

/** A tree's head from the size that the witness is known to have. */
const grow = (witness: Witness, tree: SlowTree, old: number): Promise<WitnessAnswer> =>
  ask(witness, { old, proof: tree.consistency(old), note: noteOf(tree.head()) })

test('what is published of a witness is answered as published', async () => {
  const witness = witnessOf(new Map(), [parseVerifierKey(SIGSUM_VKEY)])
  const answers: Record<string, unknown>[] = []
  for (const { body } of SIGSUM_REQUESTS) {
    const { status, contentType, body: text } = await witness.addCheckpoint(bytesOf(body))
    const isSize = contentType === 'text/x.tlog.size'
    answers.push({
      status,
      ...(isSize ? { answer: text } : {}),
      isCosigned: text.startsWith('— witness.example/w1 '),
    })
  }
  expect(answers).toEqual(
    SIGSUM_REQUESTS.map(({ status, answer }) => ({
      status,
      ...(answer === undefined ? {} : { answer }),
      isCosigned: status === 200,
    })),
  )
})

test('the cosignature is of the checkpoint, the key and the time', async () => {
  const tree = new SlowTree().grow(5)
  const note = noteOf(tree.head())
  const { body } = await grow(witnessOf(new Map()), tree, 0)
  const cosigned = addSignatures(parseNote(note), parseSignatureLines(body))
  const found = await verifyNote(parseNote(formatNote(cosigned)), [key.verifierKey])
  expect(found.verified).toMatchObject([{ key: key.verifierKey, timestamp: TIME }])
})

const leaf = new SlowTree().grow(1)
const empty: TreeHead = { size: 0n, root: treeRoot([]) }

interface Submission {
  readonly what: string
  /** The witness has the first leaf. */
  readonly isKnown?: true
  readonly old: number
  readonly head: TreeHead
  readonly proof: Uint8Array[]
  readonly status: number
}

/** From the tests of torchwood's witness, `TestZeroSize`. */
const SUBMISSIONS: readonly Submission[] = [
  { what: 'an empty tree', old: 0, head: empty, proof: [], status: 200 },
  {
    what: 'an empty tree with the root of another',
    ...{ old: 0, head: { size: 0n, root: leaf.head().root }, proof: [], status: 422 },
  },
  {
    what: 'an empty tree with zeros for a root',
    ...{ old: 0, head: { size: 0n, root: ROOT }, proof: [], status: 422 },
  },
  { what: 'an empty tree with a proof', old: 0, head: empty, proof: [ROOT], status: 422 },
  { what: 'a first leaf', old: 0, head: leaf.head(), proof: [], status: 200 },
  { what: 'a first leaf with a proof', old: 0, head: leaf.head(), proof: [ROOT], status: 422 },
  {
    what: 'a first leaf, when there is one',
    ...{ isKnown: true, old: 0, head: leaf.head(), proof: [ROOT], status: 409 },
  },
  {
    what: 'an old size beyond the new one',
    ...{ isKnown: true, old: 1, head: empty, proof: [], status: 400 },
  },
  {
    what: 'the same again, with a proof',
    ...{ isKnown: true, old: 1, head: leaf.head(), proof: [ROOT], status: 422 },
  },
]

test.each(SUBMISSIONS)('$what', async ({ isKnown, old, head, proof, status }) => {
  const witness = witnessOf(new Map())
  if (isKnown === true) await grow(witness, leaf, 0)
  const before = await witness.newest(ORIGIN)
  for (let time = 0; time < 2; time++) {
    const again = time === 1 && status === 200 ? Number(head.size) : old
    const answer = await ask(witness, { old: again, proof, note: noteOf(head) })
    expect(answer.status).toBe(status)
    expect(await witness.newest(ORIGIN)).toEqual(status === 200 ? head : before)
  }
})

test('the same checkpoint again is cosigned again, and nothing is written', async () => {
  const stores = new Map<string, MemoryStore>()
  const witness = witnessOf(stores)
  const tree = new SlowTree().grow(5)
  const first = await grow(witness, tree, 0)
  const kept = stores.get(ORIGIN)!
  kept.replace = () => Promise.reject(new Error('this would be a write'))
  expect(await grow(witness, tree, 5)).toEqual(first)
})

test('a log that rolls back, or shows another history, gets nothing', async () => {
  const witness = witnessOf(new Map())
  const tree = new SlowTree().grow(9)
  await grow(witness, tree, 0)
  const other = tree.cut(8).grow(1, 1)
  const fork = await ask(witness, { old: 9, note: noteOf(other.head()) })
  expect(fork).toMatchObject({ status: 409, contentType: 'text/plain; charset=utf-8' })
  expect(fork.alarm).toContain('two histories')
  const longer = tree.cut(4).grow(9, 1)
  expect(await grow(witness, longer, 9)).toMatchObject({ status: 422 })
  // A smaller checkpoint, whatever old size it names.
  const smaller = noteOf(tree.head(6))
  for (const [old, status] of [
    [0, 409],
    [6, 409],
    [9, 400],
  ] as const) {
    expect((await ask(witness, { old, note: smaller })).status).toBe(status)
  }
  expect(await witness.newest(ORIGIN)).toEqual(tree.head())
})

test('each log has its own record, and a log that changes its key has one', async () => {
  const nextKey = SigningKey.generate(ORIGIN, SignatureType.ed25519)
  const stores = new Map<string, MemoryStore>()
  const logKeys = [logKey.verifierKey, nextKey.verifierKey, parseVerifierKey(SIGSUM_VKEY)]
  const witness = witnessOf(stores, logKeys)
  const tree = new SlowTree().grow(3)
  expect((await grow(witness, tree, 0)).status).toBe(200)
  expect((await witness.addCheckpoint(bytesOf(SIGSUM_REQUESTS[0]!.body))).status).toBe(200)
  tree.grow(2)
  const note = noteOf(tree.head(), [nextKey])
  expect((await ask(witness, { old: 3, proof: tree.consistency(3), note })).status).toBe(200)
  // One good signature does not cover for a wrong one.
  const wrong = parseNote(noteOf(tree.grow(1).head(), [logKey, nextKey]))
  const [first, second] = wrong.signatures
  const forged = formatNote({
    text: wrong.text,
    signatures: [first!, { ...second!, signature: first!.signature }],
  })
  expect((await ask(witness, { old: 5, proof: tree.consistency(5), note: forged })).status).toBe(
    403,
  )
  expect(stores.size).toBe(2)
})

test('a request is written and read the same', () => {
  const tree = new SlowTree().grow(7)
  const note = noteOf(tree.head())
  const proof = tree.consistency(3)
  const asked = parseAddCheckpoint(bytesOf(formatAddCheckpoint(3n, proof, note)))
  expect(asked).toMatchObject({ oldSize: 3n, proof, checkpoint: tree.head() })
  expect(formatNote(asked.note)).toBe(note)
})

const good = formatAddCheckpoint(3n, new SlowTree().grow(7).consistency(3), noteOf(leaf.head()))

test.each([
  ['nothing', ''],
  ['no old size', good.slice(good.indexOf('\n') + 1)],
  ['a leading zero', good.replace('old 3', 'old 03')],
  ['a sign', good.replace('old 3', 'old +3')],
  ['two spaces', good.replace('old 3', 'old  3')],
  ['a size beyond 63 bits', good.replace('old 3', `old ${2n ** 63n}`)],
  ['carriage returns', good.replaceAll('\n', '\r\n')],
  ['a short hash', good.replace('\n', '\nAAAA\n')],
  ['a hash that is not base64', good.replace('\n', '\n!\n')],
  ['64 lines of proof', `old 0\n${`${'A'.repeat(43)}=\n`.repeat(64)}\n${noteOf(leaf.head())}`],
  ['no empty line', good.replace('\n\n', '\n')],
  ['no checkpoint', 'old 0\n\n'],
  ['a note that is no checkpoint', 'old 0\n\nabc\n\n— a AAAAAAAA\n'],
  ['no signature', `old 0\n\n${ORIGIN}\n0\n${'A'.repeat(43)}=\n`],
  ['too much', `old 0\n\n${'a'.repeat(ADD_CHECKPOINT_BYTES_MAX)}`],
])('a request with %s is a bad one', async (_what, body) => {
  const witness = witnessOf(new Map())
  expect((await witness.addCheckpoint(bytesOf(body))).status).toBe(400)
})

test('bytes that are not UTF-8 are a bad request', async () => {
  const body = Uint8Array.of(...bytesOf(good), 0xff)
  expect((await witnessOf(new Map()).addCheckpoint(body)).status).toBe(400)
})

test('a damaged record is no empty one, and a store that fails leaves nothing cosigned', async () => {
  const store = new MemoryStore()
  store.text = 'x'
  const tree = new SlowTree().grow(2)
  const damaged = witnessOf(new Map([[ORIGIN, store]]))
  await expect(grow(damaged, tree, 0)).rejects.toThrow(RecordUnreadable)
  class FailingStore extends MemoryStore {
    override replace(): Promise<never> {
      return Promise.reject(new Error('no space left on device'))
    }
  }
  const full = witnessOf(new Map([[ORIGIN, new FailingStore()]]))
  await expect(grow(full, tree, 0)).rejects.toThrow('no space left')
})

test('a witness needs a key for cosignatures', () => {
  const options = { logKeys: [], storeOf: () => new MemoryStore(), now: () => TIME }
  expect(() => new Witness({ key: logKey, ...options })).toThrow(/not for cosignatures/)
})

test('of two histories that are posted at once, from anywhere, one only is ever cosigned', async () => {
  const seed = freshSeed()
  const prng = new Prng(seed)
  for (let run = 0; run < 40; run++) {
    const stores = new Map<string, MemoryStore>()
    // Two processes over one state directory.
    const witnesses = [witnessOf(stores), witnessOf(stores)]
    const shared = prng.below(6)
    const trees = [1, 2].map((branch) => new SlowTree().grow(shared).grow(20, branch))
    const cosigned: TreeHead[] = []
    for (let step = 0; step < 10; step++) {
      const old = Number((await witnesses[0]!.newest(ORIGIN)).size)
      const posts = Array.from({ length: 4 }, async () => {
        const tree = prng.pick(trees)
        const size = Math.min(tree.size, old + prng.below(4))
        const proof = tree.consistency(old, size)
        const answer = await ask(prng.pick(witnesses), {
          old,
          proof,
          note: noteOf(tree.head(size)),
        })
        return answer.status === 200 ? [tree.head(size)] : []
      })
      cosigned.push(...(await Promise.all(posts)).flat())
    }
    const isOf = (tree: SlowTree): boolean =>
      cosigned.every(({ size, root }) => tree.head(Number(size)).root.toHex() === root.toHex())
    expect(cosigned.length, `TALLY_SEED=${seed}`).toBeGreaterThan(1)
    expect(trees.some(isOf), `TALLY_SEED=${seed}`).toBe(true)
  }
})
