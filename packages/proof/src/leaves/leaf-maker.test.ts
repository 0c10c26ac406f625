import { expect, test } from 'vitest'
import { freshSeed, Prng } from '@tallystick/testkit'
import { leafHash } from '@tallystick/verify'

import { bookBody } from './book.fixture.ts'
import { u128 } from './bytes.fixture.ts'
import {
  type Book,
  type Event,
  type Random,
  randomBook,
  randomMoved,
  randomPlain,
} from './events.fixture.ts'
import type { CopyAccountId } from './frame.ts'
import { LeafMaker } from './leaf-maker.ts'
import { openLeaf, openLeaves } from './open-leaf.ts'
import { type ReferenceLeaf, referenceLeaf, sha256 } from './reference.fixture.ts'

const SEED = freshSeed()

/** A ledger's memory of account ids. */
class Accounts {
  ids: readonly bigint[] = []
  readonly copy: CopyAccountId = (slot, target, at) => {
    const id = this.ids[slot]
    if (id === undefined) throw new Error(`no account ${slot}`)
    target.set(new Uint32Array(u128(id).buffer), at)
  }
}

function hexes(hashes: Uint8Array): string[] {
  return Array.from({ length: hashes.length / 32 }, (_, index) =>
    hashes.subarray(index * 32, index * 32 + 32).toHex(),
  )
}

const kinds = ({ events }: Book): string[] =>
  events.map(({ sort, kind, status }) => `${sort} ${kind} ${status}`)

const make: readonly [string, ((prng: Random) => Event) | undefined][] = [
  ['events of all kinds', undefined],
  ['plain transfers', randomPlain],
  ['moved transfers', (prng) => randomMoved(prng)],
]

test.each(make)(`the leaf hashes of %s are those of 0013 (seed ${SEED})`, (_, makeEvent) => {
  const prng = new Prng(SEED)
  const accounts = new Accounts()
  const maker = new LeafMaker(accounts.copy)
  for (const count of [0, 1, 2, 3, 63, 64, 65, 200, 1, 128, prng.below(300)]) {
    const book = randomBook(prng, count, makeEvent)
    accounts.ids = book.accounts
    const hashes = hexes(maker.leafHashes(bookBody(book, prng.below(9) * 8)))
    const expected = book.events.map((_, index) =>
      leafHash(referenceLeaf(book, index).leaf).toHex(),
    )
    const wrong = kinds(book).filter((_, index) => hashes[index] !== expected[index])
    expect({ wrong, count: hashes.length }).toEqual({ wrong: [], count })
  }
})

const PARTS = ['leaf', 'content', 'debit', 'credit', 'facts', 'metadata'] as const

const partsOf = (leaf: ReferenceLeaf): (string | undefined)[] =>
  PARTS.map((part) => leaf[part]?.toHex())

test(`a leaf is opened to what was hashed (seed ${SEED})`, () => {
  const prng = new Prng(SEED)
  const accounts = new Accounts()
  const book = randomBook(prng, 1_000)
  accounts.ids = book.accounts
  const body = bookBody(book, 64)
  const leaves = openLeaves(body, { first: 0, count: 1_000 }, accounts.copy)
  for (const [index, kind] of kinds(book).entries()) {
    const opened = leaves[index]!
    expect([kind, ...partsOf(opened)]).toEqual([kind, ...partsOf(referenceLeaf(book, index))])
    expect(opened.leaf.length).toBe(172)
  }
  expect(openLeaf(body, 999, accounts.copy)).toEqual(leaves[999])
  expect(openLeaves(body, { first: 17, count: 3 }, accounts.copy)).toEqual(leaves.slice(17, 20))
})

test('the leaves of a certain book never change', () => {
  const accounts = new Accounts()
  const book = randomBook(new Prng(1), 500)
  accounts.ids = book.accounts
  const hashes = new LeafMaker(accounts.copy).leafHashes(bookBody(book, 0))
  expect(sha256(hashes).toHex()).toBe(
    'fca6bb32211c2671b2f622809fdec7ec818af4882cdf722928eaf28347b5c7db',
  )
})

test('an event beyond the frame and a reserved kind are refused', () => {
  const accounts = new Accounts()
  const book = randomBook(new Prng(1), 3, randomPlain)
  accounts.ids = book.accounts
  const body = bookBody(book, 0)
  expect(() => openLeaf(body, 3, accounts.copy)).toThrow(RangeError)
  expect(() => openLeaf(body, -1, accounts.copy)).toThrow(RangeError)
  for (const kind of [0, 10, 31, 64, 255]) {
    body.memory.u8[64] = kind
    expect(() => openLeaf(body, 0, accounts.copy)).toThrow(RangeError)
    expect(() => new LeafMaker(accounts.copy).leafHashes(body)).toThrow(RangeError)
  }
})
