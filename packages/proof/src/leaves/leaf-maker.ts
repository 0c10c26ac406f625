/**
 * Makes the leaf hashes of a frame in bulk (docs/decisions/0013-the-proof-log.md). What is hashed is put together in the
 * hasher's memory, word by word and padded already, for a few events at a time; then the hasher goes over all salts, all sides, all
 * contents and all leaves. This is for moved transfers without upper limbs, which is almost all that a book holds. Other events are
 * made one by one by `open-leaf.ts`, and only their leaves are hashed here.
 */
import { type BatchHasher, createHasher } from '../hash/batch-hasher.ts'
import { MovedField, MovedSection, RecordField } from './book-format.ts'
import { ByteWriter } from './byte-writer.ts'
import { CONTENT_FORM, sha256, writeMoved } from './content.ts'
import { type BookBody, type CopyAccountId, Frame } from './frame.ts'
import { CONTENT_BYTES_MAX, LeafOpener } from './open-leaf.ts'
import { RecordBytes } from './record.ts'

/** Events at a time: all that is hashed for them stays in the first-level cache. */
const EVENTS = 64

// Sizes of padded messages.
const SALTS_BYTES = 64
const SIDE_BYTES = 128
const CONTENT_BYTES = 64
const LONG_CONTENT_BYTES = 128
const LEAF_BYTES = 192

// Places in the hasher's memory.
const SALTS_AT = 0
const SALT_HASHES_AT = SALTS_AT + EVENTS * SALTS_BYTES
/** The debit side of each event and then its credit side. */
const SIDES_AT = SALT_HASHES_AT + EVENTS * 32
const CONTENTS_AT = SIDES_AT + EVENTS * 2 * SIDE_BYTES
/** Each behind its prefix of one byte, 0x00, so that the leaf itself lies at a multiple of four. */
const LEAVES_AT = CONTENTS_AT + EVENTS * CONTENT_BYTES + 4
const HASHES_AT = LEAVES_AT + EVENTS * LEAF_BYTES
/** Contents of two blocks stand here without gaps, since few events have one. */
const LONG_CONTENTS_AT = HASHES_AT + EVENTS * 32
const LONG_HASHES_AT = LONG_CONTENTS_AT + EVENTS * LONG_CONTENT_BYTES
const MEMORY_BYTES = LONG_HASHES_AT + EVENTS * 32

// In a leaf.
const CONTENT_HASH_AT = 76
const DEBIT_HASH_AT = 108
const CREDIT_HASH_AT = 140

const { pending, timeout, effective, requested, metadata, wide } = MovedSection
/** In the record they follow one another as they do in the content; of a narrow record they are the first. */
const CONTENT_SECTIONS = [pending, timeout, effective, requested]
const ANY_SECTION = CONTENT_SECTIONS.reduce((bits, { bit }) => bits | bit, 0)

/** The first four characters of a form, as the word that they are in memory. */
const word = (tag: string): number =>
  new DataView(new TextEncoder().encode(tag).buffer).getUint32(0, true)
const CONTENT_TAG = word('TLC1')
/** Words of a content without sections. */
const CONTENT_WORDS = 7
/** The most that fit into one block, with the bit behind them and the length. With all sections it is two blocks. */
const SHORT_CONTENT_WORDS = 13
/** The bit behind every message. */
const MESSAGE_END = 0x80

export class LeafMaker {
  readonly #accounts: CopyAccountId
  readonly #opener: LeafOpener
  readonly #hasher: BatchHasher = createHasher(MEMORY_BYTES)
  readonly #writer = new ByteWriter(CONTENT_BYTES_MAX)
  /** Of each event of the frame: see `Frame.requests`. */
  #requests = new Int32Array(EVENTS)
  /** Of each event at hand: whether it is made in bulk. */
  readonly #isPlain = new Uint8Array(EVENTS)
  /** The places, among the events at hand, of those whose content has two blocks. */
  readonly #longContents = new Uint8Array(EVENTS)
  #longCount = 0

  constructor(accounts: CopyAccountId) {
    this.#accounts = accounts
    this.#opener = new LeafOpener(accounts)
    this.#prepare()
  }

  /** @returns the leaf hashes of all the frame's events, 32 bytes each. @throws RangeError for a kind that 0001 keeps for later */
  leafHashes(body: BookBody): Uint8Array<ArrayBuffer> {
    const frame = new Frame(body)
    const hashes = new Uint8Array(frame.count * 32)
    if (this.#requests.length < frame.count) this.#requests = new Int32Array(frame.count)
    frame.requests(this.#requests)
    for (let first = 0; first < frame.count; first += EVENTS) {
      const count = Math.min(EVENTS, frame.count - first)
      this.#hash(frame, first, count)
      hashes.set(this.#hasher.u8.subarray(HASHES_AT, HASHES_AT + count * 32), first * 32)
    }
    return hashes
  }

  /** What never changes: tags, ends and lengths of the messages. */
  #prepare(): void {
    const { u8, u32 } = this.#hasher
    for (let slot = 0; slot < EVENTS; slot++) {
      u32[(SALTS_AT + slot * SALTS_BYTES) >>> 2] = word('TLS1')
      finish(u8, SALTS_AT + slot * SALTS_BYTES, { length: 48, bytes: SALTS_BYTES })
      for (let side = slot * 2; side <= slot * 2 + 1; side++) {
        u32[(SIDES_AT + side * SIDE_BYTES) >>> 2] = word('TLN1')
        finish(u8, SIDES_AT + side * SIDE_BYTES, { length: 104, bytes: SIDE_BYTES })
      }
      u32[(LEAVES_AT + slot * LEAF_BYTES) >>> 2] = word('TLE1')
      finish(u8, LEAVES_AT - 1 + slot * LEAF_BYTES, { length: 173, bytes: LEAF_BYTES })
    }
  }

  /** The leaf hashes of `count` events from `first` on, to `HASHES_AT`. */
  #hash(frame: Frame, first: number, count: number): void {
    let plain = 0
    for (let slot = 0; slot < count; slot++) {
      const record = frame.recordAt(first + slot)
      const form = frame.u16[(record + RecordField.form) >>> 1] as number
      const isPlain = frame.isMoved(record) && (form & wide.bit) === 0 ? 1 : 0
      this.#isPlain[slot] = isPlain
      plain += isPlain
    }
    if (plain > 0) this.#hashPlain(frame, first, count)
    if (plain < count) this.#openOthers(frame, first, count)
    this.#hasher.hashMany({
      ...{ source: LEAVES_AT - 1, stride: LEAF_BYTES, blocks: 3 },
      ...{ count, target: HASHES_AT },
    })
  }

  /** Places of events that are not plain are hashed too, whatever lies there: `#openOthers` overwrites their leaves. */
  #hashPlain(frame: Frame, first: number, count: number): void {
    const hasher = this.#hasher
    this.#stageAccounts(frame, first, count)
    for (let slot = 0; slot < count; slot++) this.#stageSalts(frame, first + slot, slot)
    hasher.hashMany({
      ...{ source: SALTS_AT, stride: SALTS_BYTES, blocks: 1 },
      ...{ count, target: SALT_HASHES_AT },
    })
    this.#longCount = 0
    for (let slot = 0; slot < count; slot++) {
      if (this.#isPlain[slot] === 1) this.#stage(frame, first + slot, slot)
    }
    const target = { count, targetStride: LEAF_BYTES }
    const side = { stride: 2 * SIDE_BYTES, blocks: 2, ...target }
    hasher.hashMany({ source: SIDES_AT, target: LEAVES_AT + DEBIT_HASH_AT, ...side })
    hasher.hashMany({ source: SIDES_AT + SIDE_BYTES, target: LEAVES_AT + CREDIT_HASH_AT, ...side })
    hasher.hashMany({
      ...{ source: CONTENTS_AT, stride: CONTENT_BYTES, blocks: 1 },
      ...{ target: LEAVES_AT + CONTENT_HASH_AT, ...target },
    })
    if (this.#longCount > 0) this.#hashLongContents()
    for (let slot = 0; slot < count; slot++) {
      if (this.#isPlain[slot] === 1) this.#hashWithMetadata(frame, first + slot, slot)
    }
  }

  #hashLongContents(): void {
    const { u32 } = this.#hasher
    this.#hasher.hashMany({
      ...{ source: LONG_CONTENTS_AT, stride: LONG_CONTENT_BYTES, blocks: 2 },
      ...{ count: this.#longCount, target: LONG_HASHES_AT },
    })
    for (let index = 0; index < this.#longCount; index++) {
      const slot = this.#longContents[index] as number
      const at = (LEAVES_AT + slot * LEAF_BYTES + CONTENT_HASH_AT) >>> 2
      copy(u32, (LONG_HASHES_AT + index * 32) >>> 2, { to: u32, at, words: 8 })
    }
  }

  #openOthers(frame: Frame, first: number, count: number): void {
    for (let slot = 0; slot < count; slot++) {
      if (this.#isPlain[slot] === 1) continue
      const index = first + slot
      const { leaf } = this.#opener.open(frame, index, this.#requests[index] as number)
      this.#hasher.u8.set(leaf, LEAVES_AT + slot * LEAF_BYTES)
    }
  }

  /**
   * The account ids of all sides, in a loop of their own: the accounts lie anywhere in memory, and so the machine waits for
   * many of them at a time. Side by side with the rest it waits for each, which takes 1.4 times as long for a leaf (measured, 1 M accounts).
   */
  #stageAccounts(frame: Frame, first: number, count: number): void {
    const [from, to] = [frame.u32, this.#hasher.u32]
    for (let slot = 0; slot < count; slot++) {
      if (this.#isPlain[slot] !== 1) continue
      const record = frame.recordAt(first + slot) >>> 2
      const side = (SIDES_AT + slot * 2 * SIDE_BYTES) >>> 2
      this.#accounts(from[record + MovedField.debitSlot / 4] as number, to, side + 8)
      const credit = side + SIDE_BYTES / 4
      this.#accounts(from[record + MovedField.creditSlot / 4] as number, to, credit + 8)
    }
  }

  #stageSalts(frame: Frame, index: number, slot: number): void {
    const to = this.#hasher.u32
    const at = (SALTS_AT + slot * SALTS_BYTES) >>> 2
    const sequence = frame.firstSequence + index
    copy(frame.u32, frame.saltAt, { to, at: at + 1, words: 8 })
    to[at + 9] = sequence >>> 0
    to[at + 10] = Math.floor(sequence / 0x1_0000_0000)
  }

  #stage(frame: Frame, index: number, slot: number): void {
    const from = frame.u32
    const record = frame.recordAt(index) >>> 2
    this.#stageLeaf(frame, index, slot)
    const side = (SIDES_AT + slot * 2 * SIDE_BYTES) >>> 2
    const salt = (SALT_HASHES_AT + slot * 32) >>> 2
    this.#stageSide(from, record, { side, salt, fields: MovedField.debitSide / 4 })
    this.#stageSide(from, record, {
      ...{ side: side + SIDE_BYTES / 4, salt: salt + 4 },
      fields: MovedField.creditSide / 4,
    })
    this.#stageContent(from, record, slot)
  }

  #stageSide(
    from: Uint32Array,
    record: number,
    { side, salt, fields }: { side: number; salt: number; fields: number },
  ): void {
    const to = this.#hasher.u32
    to[side + 1] = from[record + RecordField.asset / 4] as number
    to[side + 2] = from[record + MovedField.amount / 4] as number
    to[side + 3] = from[record + MovedField.amount / 4 + 1] as number
    copy(to, salt, { to, at: side + 4, words: 4 })
    copy(from, record + fields, { to, at: side + 12, words: 14 })
  }

  /** All but the three hashes. */
  #stageLeaf(frame: Frame, index: number, slot: number): void {
    const [from, to] = [frame.u32, this.#hasher.u32]
    const at = (LEAVES_AT + slot * LEAF_BYTES) >>> 2
    const sequence = frame.firstSequence + index
    const timestampLow = frame.timestampLow + index
    const kindAndStatus = (from[frame.recordAt(index) >>> 2] as number) & 0xffff
    to[at + 1] = kindAndStatus | (frame.rulesVersion << 16)
    to[at + 2] = frame.shard
    to[at + 3] = sequence >>> 0
    to[at + 4] = Math.floor(sequence / 0x1_0000_0000)
    to[at + 5] = timestampLow >>> 0
    to[at + 6] = frame.timestampHigh + (timestampLow > 0xffff_ffff ? 1 : 0)
    const request = this.#requests[index] as number
    if (request === 0) to.fill(0, at + 7, at + 19)
    else copy(from, request, { to, at: at + 7, words: 12 })
  }

  /** One with metadata is left to `#hashWithMetadata`. */
  #stageContent(from: Uint32Array, record: number, slot: number): void {
    const form = ((from[record] as number) >>> 16) & CONTENT_FORM
    if ((form & metadata.bit) !== 0) return
    const words = CONTENT_WORDS + sectionWords(form)
    if (words <= SHORT_CONTENT_WORDS) {
      const at = (CONTENTS_AT + slot * CONTENT_BYTES) >>> 2
      return this.#writeContent(from, record, { at, words, last: CONTENT_BYTES / 4 - 1 })
    }
    const at = (LONG_CONTENTS_AT + this.#longCount * LONG_CONTENT_BYTES) >>> 2
    this.#longContents[this.#longCount++] = slot
    this.#writeContent(from, record, { at, words, last: LONG_CONTENT_BYTES / 4 - 1 })
  }

  #writeContent(
    from: Uint32Array,
    record: number,
    { at, words, last }: { at: number; words: number; last: number },
  ): void {
    const to = this.#hasher.u32
    const form = ((from[record] as number) >>> 16) & CONTENT_FORM
    const code = (from[record + 1] as number) >>> 16
    const flagsAndLength = from[record + 2] as number
    to[at] = CONTENT_TAG
    to[at + 1] = form | (flagsAndLength << 16)
    to[at + 2] = code | (flagsAndLength & 0xffff_0000)
    copy(from, record + RecordField.id / 4, { to, at: at + 3, words: 4 })
    const sections = words - CONTENT_WORDS
    if (sections > 0) {
      const source = record + MovedField.sections / 4
      copy(from, source, { to, at: at + CONTENT_WORDS, words: sections })
    }
    to[at + words] = MESSAGE_END
    for (let rest = words + 1; rest < last; rest++) to[at + rest] = 0
    const bits = words * 32
    to[at + last] = ((bits & 0xff) << 24) | ((bits >>> 8) << 16)
  }

  /** A content with metadata is hashed by itself: it may have three blocks, and the metadata any number. */
  #hashWithMetadata(frame: Frame, index: number, slot: number): void {
    const form = frame.u16[(frame.recordAt(index) + RecordField.form) >>> 1] as number
    if ((form & metadata.bit) === 0) return
    writeMoved(this.#writer, new RecordBytes(frame, index))
    const at = LEAVES_AT + slot * LEAF_BYTES + CONTENT_HASH_AT
    this.#hasher.u8.set(sha256(this.#writer.written), at)
  }
}

function sectionWords(form: number): number {
  if ((form & ANY_SECTION) === 0) return 0
  let words = 0
  for (const { bit, bytes } of CONTENT_SECTIONS) if ((form & bit) !== 0) words += bytes / 4
  return words
}

function copy(
  from: Uint32Array,
  source: number,
  { to, at, words }: { to: Uint32Array; at: number; words: number },
): void {
  for (let index = 0; index < words; index++) to[at + index] = from[source + index] as number
}

/** What stands behind a message of `length` bytes in its last block (FIPS 180-4, section 5.1.1). */
function finish(
  u8: Uint8Array,
  at: number,
  { length, bytes }: { length: number; bytes: number },
): void {
  u8[at + length] = MESSAGE_END
  u8[at + bytes - 2] = (length * 8) >>> 8
  u8[at + bytes - 1] = (length * 8) & 0xff
}
