/**
 * One damage to the proof log or to the signer's record, and what becomes of it. The book itself is whole here: so whatever is signed has to be the
 * root of what is in it, and whatever receipt is given out has to lead there.
 */
import {
  AccountTreeDamaged,
  type DirectoryOptions,
  type ProofLog,
  rootsOfBook,
  SoundAccounts,
  SoundTree,
  type TallyLedger,
} from '@tallystick/engine'
import type { Disk, MemoryDisk } from '@tallystick/journal'
import {
  CheckpointSigner,
  consistencyProof,
  firstSignerRecord,
  RecordUnreadable,
  SigningKey,
  type TextStore,
  TILE_WIDTH,
  TreeDamaged,
} from '@tallystick/proof'
import type { Prng } from '@tallystick/testkit'
import { equalBytes, leafHash, SignatureType } from '@tallystick/verify'

import { same, Violation } from '../violation.ts'
import { type FailingCall, FailingCalls, isEio } from './failing-calls.ts'
import { ACCOUNTS, DATA, makeBook, open } from './damaged-book.ts'

/**
 * `whole`: the next head is signed, and every receipt and tile is given out. `made again`: the same, after the damage was noticed and the tree made again from the book.
 * `stopped`: the proof log says that it cannot go on. `not signed`: nothing can be signed now, and it is said why. `refused`: the signer has stopped for good.
 */
export type ProofFate = 'whole' | 'made again' | 'stopped' | 'not signed' | 'refused'
export const PROOF_FATES: readonly ProofFate[] = [
  ...(['whole', 'made again', 'stopped', 'not signed', 'refused'] as const),
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
    await ledger.attestAccounts()
    await caughtUp(ledger)
    await ledger.close()
  }
  return { older: book.older, disk: book.disk, key }
}

/** @throws Violation when something false is signed or given out, or damage to what derives from the book ends the signing. */
export async function proofFateOf(disk: Disk, { key }: ProvedBook): Promise<ProofFate> {
  // A server does not start with a key and without its record.
  if (!disk.readdir('keys').includes('signer.json')) return 'not signed'
  const notes: string[] = []
  const ledger = await open(disk, { ...PROVED, onNote: (note) => notes.push(note) })
  try {
    // What comes after the damage is hashed with what was damaged.
    await payMore(ledger)
    if (!(await caughtUp(ledger))) return 'stopped'
    const [root = new Uint8Array(0)] = await rootsOfBook({ directory: DATA, disk }, [
      ledger.lastSequence,
    ])
    const signed = await sign(ledger, { disk, key, root })
    if (signed !== 'signed') return signed
    if (!(await caughtUp(ledger))) return 'stopped'
    const isWhole = isAllGivenOut(ledger, root)
    if (!isWhole) {
      if (!(await caughtUp(ledger))) return 'stopped'
      same('a tree that was made again gives everything out', isAllGivenOut(ledger, root), true)
    }
    // The last: it may state another root.
    const accountsHold = await areAccountsGivenOut(ledger)
    return isWhole && accountsHold && !notes.some(isMaking) ? 'whole' : 'made again'
  } finally {
    await ledger.close()
  }
}

const isMaking = (note: string): boolean => note.includes('is made again')

/** Signs the newest head; once more when the tree has to be made again for it. @throws Violation */
async function sign(
  ledger: TallyLedger,
  place: { readonly disk: Disk; readonly key: SigningKey; readonly root: Uint8Array },
): Promise<'signed' | 'stopped' | 'not signed' | 'refused'> {
  for (let tries = 0; ; tries++) {
    const head = headOf(ledger)
    try {
      const { status } = await signerOf(ledger, place).sign(head)
      if (status !== 'signed') return 'refused'
      if (equalBytes(head.root, place.root)) return 'signed'
      throw new Violation('only the root of the book is signed', ANOTHER)
    } catch (error) {
      const isTree = error instanceof TreeDamaged && tries === 0
      if (isTree && (await caughtUp(ledger))) continue
      if (isTree) return 'stopped'
      if (error instanceof RecordUnreadable || isEio(error)) return 'not signed'
      throw error
    }
  }
}

const ANOTHER = { expected: 'the root of the book', seen: 'another one' }

/** As a server gives receipts and tiles out. @returns false: something is damaged, and made again. @throws Violation */
function isAllGivenOut(ledger: TallyLedger, root: Uint8Array): boolean {
  const proofs = proofsOf(ledger)
  const tree = new SoundTree(proofs)
  const head = { size: BigInt(ledger.lastSequence), root }
  const leaves = proofs.events(1, ledger.lastSequence).map(({ leaf }) => leafHash(leaf))
  try {
    for (const [index, leaf] of leaves.entries()) tree.inclusion(BigInt(index), leaf, head)
    for (let first = 0; first < leaves.length; first += TILE_WIDTH) {
      const here = leaves.slice(first, first + TILE_WIDTH)
      const index = BigInt(first / TILE_WIDTH)
      const tile = tree.tile({ level: 0, index, width: here.length })
      same('a tile has the hashes of its leaves', Buffer.concat(here).equals(tile ?? EMPTY), true)
    }
    return true
  } catch (error) {
    if (error instanceof TreeDamaged) return false
    throw error
  }
}

/**
 * As a server gives out proofs of accounts, from every tree over all accounts that is kept. @returns false: one did not hold, and after the next statement
 * there is one that does. @throws Violation
 */
async function areAccountsGivenOut(ledger: TallyLedger): Promise<boolean> {
  if (giveOutAccounts(ledger)) return true
  await ledger.attestAccounts()
  if (!(await caughtUp(ledger))) return false
  const newest = proofsOf(ledger).roots.at(-1)
  const tree = newest && proofsOf(ledger).accountTree(newest)
  tree?.close()
  same('the newest statement has its tree', tree === undefined, false)
  same('what is left of trees gives every account out', giveOutAccounts(ledger), true)
  return false
}

function giveOutAccounts(ledger: TallyLedger): boolean {
  const proofs = proofsOf(ledger)
  let isWhole = true
  for (const root of proofs.roots) {
    const tree = proofs.accountTree(root)
    if (tree === undefined) continue
    try {
      const accounts = new SoundAccounts({ proofs, reader: ledger.reader, root, tree })
      // One more than there are: it is denied, and the others are not.
      for (let id = 1n; id <= BigInt(ACCOUNTS) + 1n; id++) giveOut(accounts, id)
    } catch (error) {
      if (!(error instanceof AccountTreeDamaged)) throw error
      isWhole = false
    } finally {
      tree.close()
    }
  }
  return isWhole
}

/** The proofs are held to the root before they are given out. @throws AccountTreeDamaged, Violation */
function giveOut(accounts: SoundAccounts, id: bigint): void {
  const { index, isThere } = accounts.place(id)
  const shown = isThere ? [index] : [index - 1, index].filter((at) => at >= 0 && at < ACCOUNTS)
  for (const at of shown) {
    accounts.inclusion(at, accounts.state(isThere ? id : accounts.idAt(at)).leaf)
  }
  same('an account is denied when there is none, and then only', isThere, id <= BigInt(ACCOUNTS))
}

const EMPTY = new Uint8Array(0)

function proofsOf({ proofs }: TallyLedger): ProofLog {
  if (proofs === undefined) throw new Error('the ledger was opened without a proof log')
  return proofs
}

function signerOf(
  ledger: TallyLedger,
  { disk, key }: { readonly disk: Disk; readonly key: SigningKey },
): CheckpointSigner {
  const proofs = proofsOf(ledger)
  return new CheckpointSigner({
    ...{ origin: ORIGIN, keys: [key], store: new DiskText(disk) },
    proofs: async (first, second) => consistencyProof(proofs.tile, first, second),
    bookRoots: (sizes) => proofs.bookRoots(sizes.map(Number)),
    onTreeDamaged: (why) => proofs.remake(why),
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

/** A record on the disk of the trial, replaced as the server does it. */
class DiskText implements TextStore {
  readonly #disk: Disk

  constructor(disk: Disk) {
    this.#disk = disk
  }

  async read(): Promise<string | undefined> {
    if (!this.#disk.readdir('keys').includes('signer.json')) return undefined
    const file = this.#disk.open(RECORD_PATH, 'read')
    try {
      const bytes = Buffer.alloc(this.#disk.size(file))
      return bytes.toString('utf8', 0, this.#disk.pread(file, bytes, 0))
    } finally {
      this.#disk.close(file)
    }
  }

  async replace(expected: string | undefined, next: string): Promise<boolean> {
    if ((await this.read()) !== expected) return false
    const draft = `${RECORD_PATH}.draft`
    const file = this.#disk.open(draft, 'create')
    try {
      this.#disk.truncate(file, 0)
      this.#disk.pwrite(file, Buffer.from(next), 0)
      this.#disk.fdatasync(file)
    } finally {
      this.#disk.close(file)
    }
    this.#disk.rename(draft, RECORD_PATH)
    this.#disk.syncDirectory('keys')
    return true
  }
}

/** What came of a disk that failed once. */
export interface FailedCall {
  readonly fate: ProofFate | 'told'
  /** Calls that could have failed. */
  readonly calls: number
}

/**
 * One read or sync of the proof log's files or of the signer's record fails with EIO, from opening to the last receipt. Afterwards the disk is sound, and everything
 * is signed and given out. @param failAt from 1; 0 = none. @throws Violation
 */
export async function failProofCall(
  book: ProvedBook,
  call: FailingCall,
  failAt: number,
): Promise<FailedCall> {
  const disk = book.disk.clone()
  const failing = new FailingCalls(disk, { call, failAt, within: ['data/proofs/', 'keys/'] })
  let fate: ProofFate | 'told'
  try {
    fate = await proofFateOf(failing, book)
  } catch (error) {
    if (!isEio(error)) throw error
    fate = 'told'
  }
  const after = await proofFateOf(disk, book)
  same(
    'a call that failed leaves a log that goes on',
    ['whole', 'made again'].includes(after),
    true,
  )
  return { fate, calls: failing.calls }
}
