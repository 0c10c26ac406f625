import { type Disk, MemoryDisk } from '@tallystick/journal'
import { consistencyProof, inclusionProof, rootFromTiles } from '@tallystick/proof'
import { freshSeed, Prng, RandomCommands } from '@tallystick/testkit'
import { leafHash, treeRoot, verifyConsistency, verifyInclusion } from '@tallystick/verify'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

import { openLedger, type ProofLog, type TallyLedger, writeLogFiles } from '../src/index.ts'

const GROUP_BYTES = 256 * 1024
const SMALL = {
  groupBytes: GROUP_BYTES,
  segmentBytes: 4_096 + 4 * GROUP_BYTES,
  idsPerGeneration: 500,
}

/** Everything that is decided is in the tree. */
async function caughtUp(ledger: TallyLedger): Promise<ProofLog> {
  const { proofs, durableSequence } = ledger
  if (proofs === undefined) throw new Error('there is no proof log')
  proofs.want(durableSequence)
  const isThere = (): boolean => proofs.head.size >= durableSequence
  await expect.poll(() => proofs.failure ?? isThere(), { timeout: 10_000 }).toBe(true)
  return proofs
}

async function ask(ledger: TallyLedger, prng: Prng, requests: number): Promise<void> {
  const random = new RandomCommands(prng)
  for (let left = requests; left > 0; left--) {
    await ledger.applyCommands(random.batch(BigInt(Date.now()) * 1_000_000n), {
      key: `k-${prng.u32()}`,
    })
  }
}

/** The root by the definition: the leaves one by one, from the book. */
const rootOf = (proofs: ProofLog, size: number): string => {
  const hashes = Array.from({ length: size }, (_, index) => leafHash(proofs.event(index + 1).leaf))
  return Buffer.from(treeRoot(hashes)).toString('hex')
}
const headOf = ({ head }: ProofLog): string => Buffer.from(head.root).toString('hex')
/** Holds expire meanwhile, so the tree may have grown: its root at an earlier size. */
const rootAt = (proofs: ProofLog, size: number): string =>
  Buffer.from(rootFromTiles(proofs.tile, BigInt(size))).toString('hex')

test('the files that the book alone makes are those of the log, also of a ledger that was closed and opened again', async () => {
  const seed = freshSeed()
  const prng = new Prng(seed)
  const disk = new MemoryDisk()
  const options = { directory: 'data', disk, proofs: true }
  for (let life = 0; life < 4; life++) {
    const ledger = await openLedger(options)
    await ask(ledger, prng, 1 + prng.below(20))
    const proofs = await caughtUp(ledger)
    const entries: string[] = []
    const { events, root } = await writeLogFiles({ ...options, size: proofs.head.size }, (path) =>
      entries.push(path),
    )
    expect([events, Buffer.from(root).toString('hex')], `TALLY_SEED=${seed}`).toEqual([
      ...[proofs.head.size, headOf(proofs)],
    ])
    expect(entries.filter((path) => path.startsWith('tile/entries/'))).toHaveLength(
      Math.ceil(events / 256),
    )
    await ledger.close()
  }
})

test('the tree is that of the leaves, each event is proved, each head continues those before', async () => {
  const seed = freshSeed()
  const prng = new Prng(seed)
  const ledger = await openLedger({ memory: true, proofs: true })
  const heads: { size: number; root: Uint8Array }[] = []
  for (let round = 0; round < 12; round++) {
    await ask(ledger, prng, 1 + prng.below(20))
    const { head } = await caughtUp(ledger)
    heads.push(head)
  }
  const proofs = await caughtUp(ledger)
  const { size, root } = proofs.head
  expect(headOf(proofs), `TALLY_SEED=${seed}`).toBe(rootOf(proofs, size))
  const together = proofs.events(1, size)
  for (let sequence = 1; sequence <= size; sequence++) {
    expect(proofs.event(sequence)).toEqual(together[sequence - 1])
    const index = BigInt(sequence - 1)
    const proof = inclusionProof(proofs.tile, index, BigInt(size))
    const leaf = leafHash(proofs.event(sequence).leaf)
    expect(verifyInclusion({ index, size: BigInt(size), leaf, proof, root })).toBe(true)
  }
  for (const older of heads) {
    const [first, second] = [BigInt(older.size), BigInt(size)]
    const proof = consistencyProof(proofs.tile, first, second)
    const roots = { firstRoot: older.root, secondRoot: root }
    expect(verifyConsistency({ first, second, ...roots, proof })).toBe(true)
  }
  await ledger.close()
})

test('it goes on after a restart, also where a process had none meanwhile', async () => {
  const prng = new Prng(freshSeed())
  const disk: Disk = new MemoryDisk()
  for (let life = 0; life < 6; life++) {
    // Between two lives there is one without a proof log.
    const other = await openLedger({ directory: 'data', disk })
    await ask(other, prng, prng.below(30))
    await other.close()
    const ledger = await openLedger({ directory: 'data', disk, proofs: true })
    await ask(ledger, prng, 5 + prng.below(40))
    const proofs = await caughtUp(ledger)
    expect(headOf(proofs)).toBe(rootOf(proofs, proofs.head.size))
    await ledger.close()
  }
})

test('what is lost or changed of it is made again, and the root is the same', async () => {
  const seed = freshSeed()
  const prng = new Prng(seed)
  const disk = new MemoryDisk()
  let ledger = await openLedger({ directory: 'data', disk, proofs: true })
  await ask(ledger, prng, 150)
  const { size } = (await caughtUp(ledger)).head
  const root = rootAt(await caughtUp(ledger), size)
  await ledger.close()
  for (const name of disk.readdir('data/proofs')) {
    for (const damage of ['removed', 'changed', 'cut', 'emptied'] as const) {
      const path = `data/proofs/${name}`
      const bytes = disk.contents(path)
      if (damage === 'removed') disk.unlink(path)
      else if (damage === 'emptied') disk.place(path, Buffer.alloc(0))
      else if (damage === 'cut') disk.place(path, bytes.subarray(0, bytes.length - 20))
      else {
        const at = bytes.length - 1 - prng.below(16)
        bytes[at] = (bytes[at] ?? 0) ^ 1
        disk.place(path, bytes)
      }
      const notes: string[] = []
      const onNote = (note: string): void => void notes.push(note)
      ledger = await openLedger({ directory: 'data', disk, proofs: true, onNote })
      const again = rootAt(await caughtUp(ledger), size)
      expect(again, `${name} ${damage} TALLY_SEED=${seed}`).toBe(root)
      await ledger.close()
    }
  }
})

test('an id of an account that has rotted makes no false leaf', async () => {
  const seed = freshSeed()
  const prng = new Prng(seed)
  const disk = new MemoryDisk()
  let ledger = await openLedger({ directory: 'data', disk, proofs: true })
  await ask(ledger, prng, 150)
  await caughtUp(ledger)
  await ledger.close()
  // Every id, as it is not known which of them the next events name.
  const ids = disk.contents('data/proofs/accounts')
  for (let at = prng.below(16); at < ids.length; at += 16) ids[at] = (ids[at] ?? 0) ^ 1
  disk.place('data/proofs/accounts', ids)
  ledger = await openLedger({ directory: 'data', disk, proofs: true })
  await ask(ledger, prng, 150)
  const { size } = (await caughtUp(ledger)).head
  const root = rootAt(await caughtUp(ledger), size)
  await ledger.close()
  for (const name of disk.readdir('data/proofs')) disk.unlink(`data/proofs/${name}`)
  ledger = await openLedger({ directory: 'data', disk, proofs: true })
  expect(rootAt(await caughtUp(ledger), size), `TALLY_SEED=${seed}`).toBe(root)
  await ledger.close()
})

test('in a thread of its own on a real disk: it follows, goes on after a restart, and begins anew when it must', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tally-proofs-'))
  try {
    const prng = new Prng(freshSeed())
    let size = 0
    let root = ''
    for (let life = 0; life < 3; life++) {
      const ledger = await openLedger({ directory, proofs: true })
      await ask(ledger, prng, 60)
      const proofs = await caughtUp(ledger)
      size = proofs.head.size
      root = rootAt(proofs, size)
      expect(root).toBe(rootOf(proofs, size))
      await ledger.close()
    }
    const level = join(directory, 'proofs', 'level-0')
    const bytes = readFileSync(level)
    // A hash that is shown: behind those there may be some that a hold's end has brought meanwhile.
    const last = (size - 1) * 32
    bytes[last] = (bytes[last] ?? 0) ^ 1
    writeFileSync(level, bytes)
    const notes: string[] = []
    const onNote = (note: string): void => void notes.push(note)
    const ledger = await openLedger({ directory, proofs: true, onNote })
    expect(rootAt(await caughtUp(ledger), size)).toBe(root)
    expect(notes.join()).toMatch(/the proof log is made again from the book/)
    expect(readdirSync(join(directory, 'proofs'))).toContain('head')
    await ledger.close()
  } finally {
    rmSync(directory, { recursive: true })
  }
})

test('a book whose events cannot be read stops the proof log, not the ledger', async () => {
  const disk = new MemoryDisk()
  const first = await openLedger({ directory: 'data', disk, sizes: SMALL })
  await ask(first, new Prng(1), 1_200)
  // With a snapshot the start does not read the segments before the newest.
  await first.close()
  const path = 'data/book/0000000001.book'
  const bytes = disk.contents(path)
  bytes[5_000] = (bytes[5_000] ?? 0) ^ 1
  disk.place(path, bytes)
  const notes: string[] = []
  const onNote = (note: string): void => void notes.push(note)
  const ledger = await openLedger({ directory: 'data', disk, proofs: true, sizes: SMALL, onNote })
  await expect.poll(() => ledger.proofs?.failure).toMatch(/0000000001\.book/)
  expect(notes.join()).toMatch(/the proof log has stopped, the ledger goes on/)
  await ask(ledger, new Prng(2), 3)
  expect(ledger.state).toBe('open')
  await ledger.close()
})
