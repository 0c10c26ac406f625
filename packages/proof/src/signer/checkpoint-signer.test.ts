import { freshSeed, Prng, SlowTree } from '@tallystick/testkit'
import {
  equalBytes,
  openCheckpoint,
  parseCheckpoint,
  parseNote,
  SignatureType,
  verifyConsistency,
} from '@tallystick/verify'
import { expect, test } from 'vitest'

import { MemoryStore } from '../memory-store.fixture.ts'
import { SigningKey } from '../note/signing-key.ts'
import { formatHeadRecord, parseHeadRecord, RecordUnreadable } from '../tree-head.ts'
import { TileBroken } from '../tree/tile-source.ts'
import { CheckpointSigner, type ConsistencyProofs, TreeDamaged } from './checkpoint-signer.ts'

const ORIGIN = 'ledger.example/log'
const FORMAT = 'tallystick/signer/v1'
const key = SigningKey.generate(ORIGIN, SignatureType.ed25519)
const nextKey = SigningKey.generate(ORIGIN, SignatureType.ed25519)

const proofsOf =
  (tree: SlowTree): ConsistencyProofs =>
  (first, second) =>
    Promise.resolve(tree.consistency(Number(first), Number(second)))

const signerOf = (tree: SlowTree, store: MemoryStore, keys = [key]): CheckpointSigner =>
  new CheckpointSigner({ origin: ORIGIN, keys, store, proofs: proofsOf(tree) })

/** The note, of a head that must be signed. */
async function signed(signer: CheckpointSigner, tree: SlowTree, size = tree.size): Promise<string> {
  const outcome = await signer.sign(tree.head(size))
  if (outcome.status !== 'signed') throw new Error(`not signed: ${JSON.stringify(outcome.status)}`)
  return outcome.note
}

test('a growing tree is signed at every size, the same size again with the same bytes', async () => {
  const tree = new SlowTree().grow(20)
  const store = new MemoryStore()
  for (let size = 0; size <= 20; size++) {
    const note = await signed(signerOf(tree, store), tree, size)
    const policy = { origin: ORIGIN, logKeys: [key.verifierKey], witnessKeys: [], quorum: 0 }
    const { checkpoint } = await openCheckpoint(note, policy)
    expect(checkpoint).toMatchObject({ ...tree.head(size), origin: ORIGIN })
    expect(await signed(signerOf(tree, store), tree, size)).toBe(note)
  }
})

const base = new SlowTree().grow(9)

test.each([
  ['smaller', base.cut(8), /has 8 leaves, but 9 were signed/],
  ['empty', base.cut(0), /has 0 leaves/],
  ['another of the same size', base.cut(8).grow(1, 1), /another root/],
  ['larger and another', base.cut(3).grow(9, 1), /does not begin with the 9 leaves/],
])('after a tree that is %s, nothing is signed any more, for ever', async (_what, other, why) => {
  const store = new MemoryStore()
  await signed(signerOf(base, store), base)
  const refused = await signerOf(other, store).sign(other.head())
  expect(refused).toMatchObject({ status: 'refused', why: expect.stringMatching(why) as string })
  // Also not the right one, also not in another process.
  const right = new SlowTree().grow(12)
  expect(await signerOf(right, store).sign(right.head())).toEqual(refused)
  expect(await signerOf(base, store).sign(base.head())).toEqual(refused)
  // Until a person takes the refusal away; what was signed is still known.
  const { head } = parseHeadRecord(store.text ?? '', { format: FORMAT, origin: ORIGIN })
  expect(head).toEqual(base.head())
  store.text = formatHeadRecord(FORMAT, { origin: ORIGIN, head })
  expect((await signerOf(right, store).sign(right.head())).status).toBe('signed')
})

test('while a key is changed, the old and the new one sign', async () => {
  const tree = new SlowTree().grow(3)
  const store = new MemoryStore()
  await signed(signerOf(tree, store, [key]), tree, 1)
  const note = await signed(signerOf(tree, store, [key, nextKey]), tree, 2)
  expect(parseNote(note).signatures).toHaveLength(2)
  for (const { verifierKey } of [key, nextKey]) {
    const policy = { origin: ORIGIN, logKeys: [verifierKey], witnessKeys: [], quorum: 0 }
    expect((await openCheckpoint(note, policy)).logs).toHaveLength(1)
  }
  expect(parseNote(await signed(signerOf(tree, store, [nextKey]), tree)).signatures).toHaveLength(1)
})

test('a proof that cannot be made now refuses nothing for ever', async () => {
  const tree = new SlowTree().grow(5)
  const store = new MemoryStore()
  await signed(signerOf(tree, store), tree, 3)
  const failing = new CheckpointSigner({
    origin: ORIGIN,
    keys: [key],
    store,
    proofs: () => Promise.reject(new Error('the disk is busy')),
  })
  await expect(failing.sign(tree.head())).rejects.toThrow('the disk is busy')
  expect((await signerOf(tree, store).sign(tree.head())).status).toBe('signed')
})

test('without the record nothing is signed: one that is damaged or of another log is not taken for none', async () => {
  const tree = new SlowTree().grow(5)
  const good = formatHeadRecord(FORMAT, { origin: ORIGIN, head: tree.head(2), refusal: 'no' })
  const damaged = [
    good.slice(0, -3),
    good.replace('signer/v1', 'signer/v2'),
    good.replace('"2"', '2'),
    good.replace('"2"', '"02"'),
    good.replace(/"root": "..../, '"root": "'),
    good.replace('"no"', 'true'),
    good.replace('"refusal"', '"refusam"'),
  ]
  for (const text of [...damaged, '', '{}', 'null', '[]', '"x"']) {
    const store = new MemoryStore()
    store.text = text
    await expect(signerOf(tree, store).sign(tree.head())).rejects.toThrow(RecordUnreadable)
    expect(store.text).toBe(text)
  }
  const store = new MemoryStore()
  store.text = formatHeadRecord(FORMAT, { origin: 'other.example/log', head: tree.head(2) })
  await expect(signerOf(tree, store).sign(tree.head())).rejects.toThrow(/of other.example/)
})

test('a bit that flips in the record is named as damage, and never another history', async () => {
  const tree = new SlowTree().grow(5)
  const good = Buffer.from(formatHeadRecord(FORMAT, { origin: ORIGIN, head: tree.head(4) }))
  const outcomes = { damaged: 0, signed: 0 }
  for (let bit = 0; bit < good.length * 8; bit++) {
    const bytes = Buffer.from(good)
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    const store = new MemoryStore()
    store.text = bytes.toString('utf8')
    try {
      expect((await signerOf(tree, store).sign(tree.head())).status).toBe('signed')
      outcomes.signed++
    } catch (error) {
      if (!(error instanceof RecordUnreadable)) throw error
      outcomes.damaged++
    }
  }
  // Space between the fields, of which a flipped bit makes other space, says nothing.
  expect(outcomes.signed).toBeLessThan(good.length)
  expect(outcomes.damaged).toBeGreaterThan(good.length * 7)
})

test('a record of an older version, without a checksum, is gone on with', async () => {
  const tree = new SlowTree().grow(5)
  const store = new MemoryStore()
  const record = formatHeadRecord(FORMAT, { origin: ORIGIN, head: tree.head(4) })
  store.text = record.replace(/,\s+"checksum": "[0-9a-f]{8}"/, '')
  expect(store.text).not.toBe(record)
  await signed(signerOf(tree, store), tree)
  expect(store.text).toContain('"checksum"')
})

/** A signer that can ask the book, over files of the tree that may say something else. */
function askingSigner(book: SlowTree, store: MemoryStore, proofs = proofsOf(book)) {
  const damage: string[] = []
  let asked = 0
  const signer = new CheckpointSigner({
    ...{ origin: ORIGIN, keys: [key], store, proofs },
    bookRoots: (sizes) => {
      asked++
      return Promise.resolve(sizes.map((size) => book.head(Number(size)).root))
    },
    onTreeDamaged: (why) => damage.push(why),
  })
  return { signer, damage, asked: () => asked }
}

test('a proof that does not hold, of a head that does, is damage to the files: the book is asked, and the head signed', async () => {
  const tree = new SlowTree().grow(9)
  const broken: ConsistencyProofs[] = [
    async (first, second) => {
      const [hash = new Uint8Array(32), ...rest] = await proofsOf(tree)(first, second)
      return [hash.map((byte) => byte ^ 1), ...rest]
    },
    () => Promise.reject(new TileBroken('Tile 0 of level 0 is not there.')),
  ]
  for (const proofs of broken) {
    const store = new MemoryStore()
    await signed(signerOf(tree, store), tree, 4)
    const { signer, damage, asked } = askingSigner(tree, store, proofs)
    await signed(signer, tree)
    expect(damage).toEqual([expect.stringMatching(/from 4 events to 9/)])
    expect(asked()).toBe(1)
  }
})

test('a head that is not the book’s is not signed, and ends nothing when the book begins with what was signed', async () => {
  const tree = new SlowTree().grow(9)
  const store = new MemoryStore()
  await signed(signerOf(tree, store), tree, 4)
  const before = store.text
  const { signer, damage } = askingSigner(tree, store)
  await expect(signer.sign(tree.cut(8).grow(1, 1).head())).rejects.toThrow(TreeDamaged)
  // Of the size that was signed, too: then it is the tree that has lost a hash.
  await expect(signer.sign(tree.cut(3).grow(1, 1).head())).rejects.toThrow(TreeDamaged)
  expect(damage).toHaveLength(2)
  expect(store.text).toBe(before)
  await signed(signer, tree)
})

test('a book that does not begin with what was signed is refused for ever, and a smaller one without asking it', async () => {
  const other = new SlowTree().grow(3).grow(9, 1)
  const signedTree = new SlowTree().grow(9)
  for (const [head, times] of [
    [other.head(), 1],
    [other.head(9), 1],
    [other.head(8), 0],
  ] as const) {
    const store = new MemoryStore()
    await signed(signerOf(signedTree, store), signedTree)
    const { signer, damage, asked } = askingSigner(other, store)
    expect((await signer.sign(head)).status).toBe('refused')
    expect(damage).toEqual([])
    expect(asked()).toBe(times)
    expect((await signerOf(signedTree, store).sign(signedTree.head())).status).toBe('refused')
  }
})

test('a book that cannot be read refuses nothing for ever', async () => {
  const tree = new SlowTree().grow(9)
  const store = new MemoryStore()
  await signed(signerOf(tree, store), tree, 4)
  const signer = new CheckpointSigner({
    ...{ origin: ORIGIN, keys: [key], store, proofs: () => Promise.resolve([]) },
    bookRoots: () => Promise.reject(new Error('EIO')),
  })
  await expect(signer.sign(tree.head())).rejects.toThrow('EIO')
  expect((await signerOf(tree, store).sign(tree.head())).status).toBe('signed')
})

test('a store that fails leaves nothing signed', async () => {
  const tree = new SlowTree().grow(5)
  class FailingStore extends MemoryStore {
    override replace(): Promise<never> {
      return Promise.reject(new Error('no space left on device'))
    }
  }
  await expect(signerOf(tree, new FailingStore()).sign(tree.head())).rejects.toThrow('no space')
})

test('a key of another name, or one of a witness, signs no log', () => {
  const store = new MemoryStore()
  const make = (keys: SigningKey[]) => () => signerOf(base, store, keys)
  expect(make([])).toThrow(/no key/)
  expect(make([key, SigningKey.generate('other', SignatureType.ed25519)])).toThrow(/other/)
  expect(make([SigningKey.generate(ORIGIN, SignatureType.cosignature)])).toThrow(/does not sign/)
})

/** Every pair of checkpoints that was ever signed, by their own proofs. */
function assertOneHistory(notes: readonly string[], tree: SlowTree): void {
  const heads = notes.map((note) => parseCheckpoint(parseNote(note).text))
  for (const older of heads) {
    for (const newer of heads) {
      if (older.size > newer.size) continue
      const proof = tree.consistency(Number(older.size), Number(newer.size))
      const sizes = { first: older.size, second: newer.size }
      const roots = { firstRoot: older.root, secondRoot: newer.root }
      expect(verifyConsistency({ ...sizes, ...roots, proof })).toBe(true)
    }
  }
}

/** Twelve heads of one tree, of each of which two processes ask at one time. @returns what was signed. */
async function askTwice(tree: SlowTree, store: MemoryStore, prng: Prng): Promise<string[]> {
  const processes = [signerOf(tree, store), signerOf(tree, store)]
  const notes: string[] = []
  let size = 0
  for (let step = 0; step < 12; step++) {
    size += 1 + prng.below(3)
    const asked = processes.map((signer) => signer.sign(tree.head(size + prng.below(2))))
    const outcomes = await Promise.all(asked)
    notes.push(...outcomes.flatMap((each) => (each.status === 'signed' ? [each.note] : [])))
  }
  return notes
}

test('whatever two processes ask of one key, what it signed is one history', async () => {
  const seed = freshSeed()
  const prng = new Prng(seed)
  for (let run = 0; run < 60; run++) {
    const tree = new SlowTree().grow(40)
    const store = new MemoryStore()
    const notes = await askTwice(tree, store, prng)
    expect(notes.length, `TALLY_SEED=${seed}`).toBeGreaterThanOrEqual(12)
    assertOneHistory(notes, tree)
    // Less than what was signed for certain, so that the fork does not fit, however large it is.
    const fork = tree.cut(prng.below(12)).grow(40, 1)
    const outcome = await signerOf(fork, store).sign(fork.head(12 + prng.below(29)))
    const last = await signerOf(tree, store).record()
    expect(outcome, `TALLY_SEED=${seed}`).toMatchObject({ status: 'refused', why: last?.refusal })
  }
})

test('of two histories that two processes ask of one key at one time, it signs one', async () => {
  const seed = freshSeed()
  const prng = new Prng(seed)
  for (let run = 0; run < 40; run++) {
    const shared = prng.below(4)
    const trees = [1, 2].map((branch) => new SlowTree().grow(shared).grow(20, branch))
    const store = new MemoryStore()
    const notes: string[] = []
    for (let size = shared + 1; size < 12; size++) {
      const asked = trees.map((tree) => signerOf(tree, store).sign(tree.head(size)))
      const outcomes = await Promise.all(asked)
      notes.push(...outcomes.flatMap((each) => (each.status === 'signed' ? [each.note] : [])))
    }
    const texts = notes.map((note) => parseCheckpoint(parseNote(note).text))
    const isOf = (tree: SlowTree): boolean =>
      texts.every(({ size, root }) => equalBytes(tree.head(Number(size)).root, root))
    expect(notes.length, `TALLY_SEED=${seed}`).toBeGreaterThan(0)
    expect(trees.some(isOf), `TALLY_SEED=${seed}`).toBe(true)
    expect((await signerOf(trees[0]!, store).record())?.refusal).toContain('history was changed')
  }
})
