/**
 * One damage to the proof log or to the signer's record, and what becomes of it. The book itself is whole here: so whatever is signed has to be the
 * root of what is in it, and whatever receipt is given out has to lead there.
 */
import { type DirectoryOptions, rootsOfBook, type TallyLedger } from '@tallystick/engine'
import type { MemoryDisk } from '@tallystick/journal'
import {
  CheckpointSigner,
  consistencyProof,
  firstSignerRecord,
  inclusionProof,
  RecordUnreadable,
  SigningKey,
  type TextStore,
  TileBroken,
} from '@tallystick/proof'
import type { Prng } from '@tallystick/testkit'
import { equalBytes, leafHash, SignatureType, verifyInclusion } from '@tallystick/verify'

import { same, Violation } from '../violation.ts'
import { DATA, makeBook, open } from './damaged-book.ts'

/**
 * `whole`: the next head is signed, and every receipt can be given out. `in part`: it is signed, and receipts of some events cannot be made. `stopped`:
 * the proof log says that it cannot go on. `not signed`: nothing can be signed now, and it is said why. `refused`: the signer has stopped for good.
 */
export type ProofFate = 'whole' | 'in part' | 'stopped' | 'not signed' | 'refused'
export const PROOF_FATES: readonly ProofFate[] = [
  ...(['whole', 'in part', 'stopped', 'not signed', 'refused'] as const),
]

export interface ProvedBook {
  readonly older: MemoryDisk
  readonly disk: MemoryDisk
  readonly key: SigningKey
}

const ORIGIN = 'ledger.example/log'
const RECORD_PATH = 'keys/signer.json'
const PROVED = { proofs: true } satisfies Partial<DirectoryOptions>
/** The tree follows within so many turns of the loop. */
const TURNS_MAX = 200

/** A book with its tree, of which the middle and the end were signed. */
export async function makeProvedBook(prng: Prng): Promise<ProvedBook> {
  const book = await makeBook(prng, 'closed')
  const key = SigningKey.generate(ORIGIN, SignatureType.ed25519)
  for (const disk of [book.older, book.disk]) {
    disk.place(RECORD_PATH, Buffer.from(firstSignerRecord(ORIGIN)))
    const ledger = await open(disk, PROVED)
    await caughtUp(ledger)
    const outcome = await signerOf(ledger, { disk, key }).sign(headOf(ledger))
    same('a whole log is signed', outcome.status, 'signed')
    await ledger.close()
  }
  return { older: book.older, disk: book.disk, key }
}

/** @throws Violation when something false is signed or given out, or damage to what derives from the book ends the signing. */
export async function proofFateOf(disk: MemoryDisk, { key }: ProvedBook): Promise<ProofFate> {
  const ledger = await open(disk, PROVED)
  try {
    // What comes after the damage is hashed with what was damaged.
    await payMore(ledger)
    if (!(await caughtUp(ledger))) return 'stopped'
    const [root = new Uint8Array(0)] = await rootsOfBook({ directory: DATA, disk }, [
      ledger.lastSequence,
    ])
    if (!equalBytes(headOf(ledger).root, root)) {
      const what = { expected: 'the root of the book', seen: 'another one' }
      throw new Violation('the head of the tree is that of the book', what)
    }
    const signed = await attempt(ledger, { disk, key })
    if (signed !== 'signed') return signed
    return areAllProved(ledger, root) ? 'whole' : 'in part'
  } finally {
    await ledger.close()
  }
}

async function attempt(
  ledger: TallyLedger,
  place: { readonly disk: MemoryDisk; readonly key: SigningKey },
): Promise<'signed' | 'not signed' | 'refused'> {
  try {
    const { status } = await signerOf(ledger, place).sign(headOf(ledger))
    return status === 'signed' ? 'signed' : 'refused'
  } catch (error) {
    if (error instanceof RecordUnreadable || error instanceof TileBroken) return 'not signed'
    throw error
  }
}

/** As a server gives receipts out: none that does not lead to the signed root. */
function areAllProved(ledger: TallyLedger, root: Uint8Array): boolean {
  const { proofs, lastSequence } = ledger
  if (proofs === undefined) return false
  const size = BigInt(lastSequence)
  for (let index = 0n; index < size; index++) {
    const leaf = leafHash(proofs.event(Number(index) + 1).leaf)
    try {
      const proof = inclusionProof(proofs.tile, index, size)
      if (!verifyInclusion({ index, size, leaf, proof, root })) return false
    } catch (error) {
      if (error instanceof TileBroken) return false
      throw error
    }
  }
  return true
}

function signerOf(
  { proofs }: TallyLedger,
  { disk, key }: { readonly disk: MemoryDisk; readonly key: SigningKey },
): CheckpointSigner {
  if (proofs === undefined) throw new Error('the ledger was opened without a proof log')
  return new CheckpointSigner({
    ...{ origin: ORIGIN, keys: [key], store: new DiskText(disk) },
    proofs: async (first, second) => consistencyProof(proofs.tile, first, second),
    bookRoots: (sizes) => rootsOfBook({ directory: DATA, disk }, sizes.map(Number)),
  })
}

function headOf({ proofs }: TallyLedger): { size: bigint; root: Uint8Array } {
  const { size, root } = proofs?.head ?? { size: 0, root: new Uint8Array(0) }
  return { size: BigInt(size), root }
}

async function payMore(ledger: TallyLedger): Promise<void> {
  const transfers = Array.from({ length: 30 }, (_, index) => ({
    ...{ id: BigInt(9_000_000 + index), debitAccountId: BigInt(1 + 2 * (index % 5)) },
    ...{ creditAccountId: BigInt(3 + 2 * (index % 5)), amount: 1n, asset: 978, code: 1 },
  }))
  await ledger.createTransfers(transfers)
}

/** False: the proof log has stopped, and says so. */
async function caughtUp({ proofs, lastSequence }: TallyLedger): Promise<boolean> {
  for (let turn = 0; turn < TURNS_MAX; turn++) {
    if (proofs?.failure !== undefined) return false
    if (proofs?.head.size === lastSequence) return true
    await new Promise((resolve) => void setImmediate(resolve))
  }
  throw new Error('the tree does not follow')
}

/** A record on the disk of the trial. */
class DiskText implements TextStore {
  readonly #disk: MemoryDisk

  constructor(disk: MemoryDisk) {
    this.#disk = disk
  }

  read(): Promise<string | undefined> {
    const isThere = this.#disk.readdir('keys').includes('signer.json')
    return Promise.resolve(isThere ? this.#disk.contents(RECORD_PATH).toString('utf8') : undefined)
  }

  async replace(expected: string | undefined, next: string): Promise<boolean> {
    if ((await this.read()) !== expected) return false
    this.#disk.place(RECORD_PATH, Buffer.from(next))
    return true
  }
}
