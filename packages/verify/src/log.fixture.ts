/** A small log for tests: leaves, tiles, checkpoints signed by real keys, and receipts. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

import { concatBytes, toBase64 } from './bytes.ts'
import { cosignatureMessage, encodeCosignature } from './cosignature.ts'
import type { TestEvent } from './event.fixture.ts'
import { NaiveTree } from './merkle.fixture.ts'
import { leafHash, treeRoot } from './merkle.ts'
import { formatSignatureLines } from './note.ts'
import { TILE_WIDTH, tilePath, type TileSource } from './tiles.ts'
import { formatVerifierKey, SignatureType, type VerifierKey, verifierKey } from './verifier-key.ts'

export const ORIGIN = 'ledger.example/log'

export class TestSigner {
  readonly key: VerifierKey
  readonly #privateKey: KeyObject

  constructor(name: string, type: SignatureType) {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    this.#privateKey = privateKey
    const { x = '' } = publicKey.export({ format: 'jwk' })
    this.key = verifierKey(name, type, Uint8Array.fromBase64(x, { alphabet: 'base64url' }))
  }

  get vkey(): string {
    return formatVerifierKey(this.key)
  }

  /** A signature line for a note's text. */
  line(text: string): string {
    const timestamp = 1_795_608_060n
    const cosigns = this.key.type === SignatureType.cosignature
    const message = cosigns ? cosignatureMessage(text, timestamp) : new TextEncoder().encode(text)
    const made = new Uint8Array(sign(null, message, this.#privateKey))
    const signature = cosigns ? encodeCosignature({ timestamp, signature: made }) : made
    const { name, keyId } = this.key
    return formatSignatureLines([{ name, keyId, signature }])
  }
}

/** The files of a log, as a directory would hold them. */
export class TestLog {
  readonly leaves: readonly Uint8Array[]
  readonly hashes: readonly Uint8Array[]
  readonly tree: NaiveTree
  readonly files = new Map<string, Uint8Array>()

  constructor(leaves: readonly Uint8Array[]) {
    this.leaves = leaves
    this.hashes = leaves.map(leafHash)
    this.tree = new NaiveTree(this.hashes)
    this.#addLevel(0, this.hashes)
    for (let at = 0; at < leaves.length; at += TILE_WIDTH) {
      const bundle = leaves.slice(at, at + TILE_WIDTH)
      const path = tilePath({
        level: 'entries',
        index: BigInt(at / TILE_WIDTH),
        width: bundle.length,
      })
      this.files.set(path, concatBytes(...bundle.flatMap(entryOf)))
    }
  }

  get size(): number {
    return this.leaves.length
  }

  get source(): TileSource {
    return { read: (path) => Promise.resolve(this.files.get(path)) }
  }

  root(size = this.size): Uint8Array {
    return size === 0 ? treeRoot([]) : this.tree.root(0, size)
  }

  text(size = this.size): string {
    return `${ORIGIN}\n${size}\n${toBase64(this.root(size))}\n`
  }

  note(signers: readonly TestSigner[], size = this.size): string {
    const text = this.text(size)
    return `${text}\n${signers.map((signer) => signer.line(text)).join('')}`
  }

  #addLevel(level: number, hashes: readonly Uint8Array[]): void {
    const upper: Uint8Array[] = []
    for (let at = 0; at < hashes.length; at += TILE_WIDTH) {
      const tile = hashes.slice(at, at + TILE_WIDTH)
      const place = { level, index: BigInt(at / TILE_WIDTH), width: tile.length }
      this.files.set(tilePath(place), concatBytes(...tile))
      if (tile.length === TILE_WIDTH) upper.push(treeRoot(tile))
    }
    if (upper.length > 0) this.#addLevel(level + 1, upper)
  }
}

/** Behind its length, u16 big-endian. */
function entryOf(leaf: Uint8Array): Uint8Array[] {
  return [Uint8Array.of(leaf.length >> 8, leaf.length), leaf]
}

/** What a receipt opens: everything by default; a field that is undefined is left out. */
export function openingsOf(event: TestEvent): Record<string, unknown> {
  const { content, debit, credit, facts, metadata } = event
  return {
    content: toBase64(content),
    ...(metadata && { metadata: toBase64(metadata) }),
    ...(debit && { debit: { preimage: toBase64(debit) } }),
    ...(credit && { credit: { preimage: toBase64(credit) } }),
    ...(facts && { facts: toBase64(facts) }),
  }
}

export interface ReceiptParts {
  readonly log: TestLog
  readonly index: number
  readonly note: string
  readonly openings: Record<string, unknown>
  readonly leaf?: Uint8Array
}

export function receiptOf({ log, index, note, openings, leaf }: ReceiptParts): string {
  const shown = leaf ?? log.leaves[index] ?? new Uint8Array()
  const json = { format: 'tallystick/receipt/v1', leaf: toBase64(shown), ...openings }
  return [
    'c2sp.org/tlog-proof@v1',
    `extra ${toBase64(new TextEncoder().encode(JSON.stringify(json)))}`,
    `index ${index}`,
    ...log.tree.inclusion(index, log.size).map(toBase64),
    '',
    note,
  ].join('\n')
}
