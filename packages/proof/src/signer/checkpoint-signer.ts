/**
 * The signer's rule: a log's key signs one history. A head is signed when it continues the newest one that was signed, which is
 * checked here, with a proof, and never believed. The first head that does not is the end of signing, until a person has looked.
 */
import {
  equalBytes,
  HASH_SIZE,
  MalformedKey,
  SignatureType,
  verifyConsistency,
} from '@tallystick/verify'

import { signCheckpoint } from '../note/sign-note.ts'
import type { SigningKey } from '../note/signing-key.ts'
import { TileBroken } from '../tree/tile-source.ts'
import type { TextStore } from '../text-store.ts'
import {
  EMPTY_TREE,
  formatHeadRecord,
  type HeadRecord,
  parseHeadRecord,
  RecordUnreadable,
  type TreeHead,
} from '../tree-head.ts'

const FORMAT = 'tallystick/signer/v1'

/**
 * Hashes of a consistency proof of RFC 6962, section 2.1.2, between two sizes of the log.
 * Rejects when it cannot be made now; that says nothing of the tree, and is tried again.
 */
export type ConsistencyProofs = (first: bigint, second: bigint) => Promise<readonly Uint8Array[]>

export interface SignerOptions {
  readonly origin: string
  /** Each signs every checkpoint, in this order: while a key is changed, the old and the new one. All bear the name of the log. */
  readonly keys: readonly SigningKey[]
  readonly store: TextStore
  readonly proofs: ConsistencyProofs
  /**
   * The roots of the trees of `sizes` leaves, ascending, hashed from the book itself. Asked before a head is refused that is not smaller: files of the tree can
   * rot, and a refusal is for ever. Without it they are believed.
   */
  readonly bookRoots?: (sizes: readonly bigint[]) => Promise<readonly Uint8Array[]>
  /** The book begins with what was signed, and the files of the tree do not show it: they have to be made again. */
  readonly onTreeDamaged?: (why: string) => void
}

interface Refused {
  readonly status: 'refused'
  readonly why: string
  /** The log has fewer leaves than were signed of it. */
  readonly isBehind: boolean
}

/** The tree does not come to the root of the book, which begins with what was signed. Once the tree is made again, the head can be signed. */
export class TreeDamaged extends Error {
  override readonly name = 'TreeDamaged'
}

export type SignOutcome =
  /** `note` is the signed checkpoint; for the same head it is the same, byte for byte. */
  | { readonly status: 'signed'; readonly note: string }
  /** Nothing is signed any more; the sentence says why, and stays in the store. */
  | Refused
  /** Another process signed a larger tree meanwhile: this head is no longer the newest. */
  | { readonly status: 'outrun'; readonly newest: TreeHead }

/** Whatever log it is of. @throws RecordUnreadable */
export function readSignerRecord(text: string): HeadRecord {
  return parseHeadRecord(text, { format: FORMAT })
}

/** Of a log that fell behind what was signed of it: nothing is signed with it any more. */
export function behindSignerRecord({ origin, head }: HeadRecord, why: string): string {
  return formatHeadRecord(FORMAT, { origin, head, refusal: why, isBehind: true })
}

/** Of a log whose refusal was looked into: its signer goes on from what it had signed. */
export function resumedSignerRecord({ origin, head }: HeadRecord): string {
  return formatHeadRecord(FORMAT, { origin, head })
}

/** Of a signer that has signed nothing yet: put there with its key, so that a record that is missing later is one that was lost. */
export function firstSignerRecord(origin: string): string {
  return formatHeadRecord(FORMAT, { origin, head: EMPTY_TREE })
}

export class CheckpointSigner {
  readonly #options: SignerOptions
  #last: Promise<unknown> = Promise.resolve()

  /** @throws MalformedKey when there is no key, or one that does not bear the log's name. */
  constructor(options: SignerOptions) {
    const { origin, keys } = options
    if (keys.length === 0) throw new MalformedKey(`there is no key to sign ${origin} with`)
    for (const { verifierKey } of keys) {
      if (verifierKey.name === origin && verifierKey.type === SignatureType.ed25519) continue
      throw new MalformedKey(`the key of ${verifierKey.name} does not sign the log ${origin}`)
    }
    this.#options = options
  }

  /**
   * @param head of a tree that is durable: after a loss of power the log must not be smaller than what it signed. Heads
   *   are given in the order in which the tree grew.
   * @throws RecordUnreadable, TreeDamaged, or what store and proofs reject with; then nothing was signed.
   */
  sign(head: TreeHead): Promise<SignOutcome> {
    // One after another, in the order of asking: a smaller head that comes later is a smaller tree.
    const turn = this.#last.then(() => this.#sign(head))
    this.#last = turn.catch(() => undefined)
    return turn
  }

  /** What was signed last; undefined before anything was. @throws RecordUnreadable */
  async record(): Promise<HeadRecord | undefined> {
    return (await this.#read()).record
  }

  async #sign(head: TreeHead): Promise<SignOutcome> {
    const { text, record } = await this.#read()
    const refused = refusedBefore(record)
    if (refused !== undefined) return refused
    const fault = await this.#faultOf(head, record)
    if (fault !== undefined) return this.#refuse(fault, head)
    if (record?.head.size === head.size) return this.#signed(head)
    // The record is durable before the signature exists: a crash in between loses a signature, never the memory of one.
    const isOurs = await this.#options.store.replace(text, this.#format({ head }))
    return isOurs ? this.#signed(head) : this.#again(head)
  }

  /** Another process was faster. Its tree may be the same one, and larger. */
  async #again(head: TreeHead): Promise<SignOutcome> {
    const { record } = await this.#read()
    if (record === undefined || record.head.size <= head.size) return this.#sign(head)
    return refusedBefore(record) ?? { status: 'outrun', newest: record.head }
  }

  /** @returns the sentence that says what is wrong with this head; undefined when it continues the record. */
  async #faultOf(head: TreeHead, record: HeadRecord | undefined): Promise<string | undefined> {
    if (head.root.length !== HASH_SIZE) throw new RangeError('a root has 32 bytes')
    if (record === undefined) return undefined
    const fault = await this.#faultAfter(record.head, head)
    if (fault === undefined || head.size < record.head.size) return fault
    return (await this.#isProvedByBook(record.head, head)) ? undefined : fault
  }

  async #faultAfter(signed: TreeHead, { size, root }: TreeHead): Promise<string | undefined> {
    if (size < signed.size) {
      return `The log has ${size} leaves, but ${signed.size} were signed: it lost some, as when an old backup was restored.`
    }
    if (size === signed.size) {
      if (equalBytes(root, signed.root)) return undefined
      return `The log of ${size} leaves has another root than the one that was signed: its history was changed.`
    }
    const proof = await this.#proofOf(signed.size, size)
    const { size: first, root: firstRoot } = signed
    const claim = { first, second: size, firstRoot, secondRoot: root }
    if (proof !== undefined && verifyConsistency({ ...claim, proof })) return undefined
    return `The log of ${size} leaves does not begin with the ${signed.size} leaves that were signed: its history was changed.`
  }

  /** undefined: tiles that should be there are not, and there is a book that says more. */
  async #proofOf(first: bigint, second: bigint): Promise<readonly Uint8Array[] | undefined> {
    try {
      return await this.#options.proofs(first, second)
    } catch (error) {
      if (error instanceof TileBroken && this.#options.bookRoots !== undefined) return undefined
      throw error
    }
  }

  /** @throws TreeDamaged when the book has what was signed, and the head is not the book's. */
  async #isProvedByBook(signed: TreeHead, head: TreeHead): Promise<boolean> {
    const { bookRoots, onTreeDamaged } = this.#options
    const [before, now] = (await bookRoots?.([signed.size, head.size])) ?? []
    if (before === undefined || now === undefined) return false
    if (!equalBytes(before, signed.root)) return false
    const why = `its files do not lead from ${signed.size} events to ${head.size}, and the book does`
    onTreeDamaged?.(why)
    if (equalBytes(now, head.root)) return true
    throw new TreeDamaged(`the tree is damaged and made again from the book: ${why}`)
  }

  /** Writes the refusal down, also upon what another process wrote meanwhile: a head that does not fit is an alarm for both. */
  async #refuse(why: string, { size }: TreeHead): Promise<SignOutcome> {
    for (;;) {
      const { text, record } = await this.#read()
      if (record === undefined)
        throw new RecordUnreadable('the record of what was signed last is gone')
      const before = refusedBefore(record)
      if (before !== undefined) return before
      const isBehind = size < record.head.size
      const next = this.#format({ head: record.head, refusal: why, isBehind })
      if (await this.#options.store.replace(text, next)) return { status: 'refused', why, isBehind }
    }
  }

  #signed({ size, root }: TreeHead): SignOutcome {
    const { origin, keys } = this.#options
    const note = signCheckpoint({ origin, size, root, extensions: [] }, keys)
    return { status: 'signed', note }
  }

  async #read(): Promise<{ text: string | undefined; record: HeadRecord | undefined }> {
    const text = await this.#options.store.read()
    if (text === undefined) return { text, record: undefined }
    return { text, record: parseHeadRecord(text, { format: FORMAT, origin: this.#options.origin }) }
  }

  #format(record: Omit<HeadRecord, 'origin'>): string {
    return formatHeadRecord(FORMAT, { origin: this.#options.origin, ...record })
  }
}

function refusedBefore(record: HeadRecord | undefined): Refused | undefined {
  const { refusal: why, isBehind = false } = record ?? {}
  return why === undefined ? undefined : { status: 'refused', why, isBehind }
}
