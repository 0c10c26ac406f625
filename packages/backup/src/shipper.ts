/**
 * Carries the journal's pieces to a store, and writes the manifest that names them, last. Whatever stops it: the former manifest
 * stays valid, and what was carried since is found there by the next run.
 */
import type { PieceReader } from '@tallystick/journal'

import {
  type DataDirectory,
  type NewPiece,
  pieceReaderOf,
  readPiece,
  readRange,
  segmentPath,
  segmentPrefix,
} from './data-directory.ts'
import { BackupRefused } from './errors.ts'
import {
  decodeManifest,
  encodeManifest,
  encodeSegmentPieces,
  type Manifest,
  MANIFEST_NAME,
  type Named,
  type PieceEntry,
  type ProvedState,
  sha256Of,
  type Sign,
} from './manifest.ts'
import { type Checkpoints, isCovered } from './checkpoints.ts'
import type { Pace } from './pace.ts'
import type { BackupStore } from './store.ts'
import { PRIVATE_PREFIX, PrivatePieces } from './private-pieces.ts'
import { PIECE_BYTES, piecesToKeep } from './tail.ts'

/** What no manifest names, and is older than this, ms, was left by a run that died. */
const ORPHAN_AGE_MS = 60 * 60 * 1000

export interface ShipperOptions {
  readonly data: DataDirectory
  readonly store: BackupStore
  readonly pace: Pace
  readonly sign: Sign | undefined
  /** Default: no checkpoint is kept with the backup. */
  readonly checkpoints?: Checkpoints | undefined
  readonly onShipped?: ((shipped: ShippedEvents) => void | Promise<void>) | undefined
  readonly signal: AbortSignal | undefined
  readonly now: () => number
}

/** How far a journal was carried: events of it that the destination has for certain. */
export interface ShippedEvents {
  /** Hex. */
  readonly journal: string
  readonly sequence: number
}

/** What a run carried, bytes and pieces. */
export interface Shipped {
  bytes: number
  pieces: number
  /** Bytes that were there already, from a run that did not come to its end. */
  found: number
}

export class Shipper {
  readonly #options: ShipperOptions
  readonly #reader: PieceReader
  readonly shipped: Shipped = { bytes: 0, pieces: 0, found: 0 }
  /** Object → bytes, of what lay there before the run. */
  readonly #there = new Map<string, number>()
  /** The manifest as it lies there. */
  #written: Buffer | undefined
  #closed: Named | undefined
  #pieces: PieceEntry[] = []
  #state: ProvedState | undefined
  /** The newest that the backup covers, and the newest that it does not cover yet. */
  #checkpoint: string | undefined
  #nextCheckpoint: string | undefined
  readonly #private: PrivatePieces
  /** Objects that the next manifest does not name any more. */
  #superseded: string[] = []

  private constructor(options: ShipperOptions, reader: PieceReader) {
    this.#options = options
    this.#reader = reader
    this.#private = new PrivatePieces(options.data)
  }

  /** @throws BackupRefused when what lies there is of another journal or another history; BackupDamaged; what the journal throws. */
  static async open(options: ShipperOptions): Promise<Shipper> {
    const { store, data } = options
    const shipper = new Shipper(options, pieceReaderOf(data))
    const bytes = await store.read(MANIFEST_NAME)
    if (bytes !== undefined) {
      shipper.#goOn(await decodeManifest(bytes, `${store.name}/${MANIFEST_NAME}`))
    }
    shipper.#written = bytes
    for (const prefix of ['book/', PRIVATE_PREFIX]) {
      for (const { name, bytes: length } of await store.list(prefix)) {
        shipper.#there.set(name, length)
      }
    }
    return shipper
  }

  /** Newest event that was carried. */
  get sequence(): number {
    return this.#reader.position.sequence - 1
  }

  get state(): ProvedState | undefined {
    return this.#state
  }

  /** The newest checkpoint that the manifest has, a signed note. */
  get checkpoint(): string | undefined {
    return this.#checkpoint
  }

  #goOn(manifest: Manifest): void {
    const { data, store } = this.#options
    const journalId = this.#reader.journalId.toString('hex')
    if (manifest.journalId !== journalId || manifest.shard !== data.shard) {
      throw new BackupRefused(
        `${store.name} has a backup of journal ${manifest.journalId}, and ${data.directory} is journal ${journalId}: give this one a destination of its own.`,
      )
    }
    const last = manifest.pieces.at(-1)
    if (last !== undefined) this.#checkHistory(last)
    this.#reader.position = manifest.end
    this.#closed = manifest.closed
    this.#pieces = [...manifest.pieces]
    this.#state = manifest.state
    this.#checkpoint = manifest.checkpoint
    this.#private.goOn(manifest.private)
  }

  /** The newest piece of the backup must be what the journal has in its place. */
  #checkHistory({ from, to, sha256 }: PieceEntry): void {
    const { data, store } = this.#options
    const path = segmentPath(data, from.segment)
    const bytes = readRange(data, { from, to })
    if (bytes !== undefined && sha256Of(bytes) === sha256) return
    const events = `${from.sequence} to ${to.sequence - 1}`
    throw new BackupRefused(
      bytes === undefined
        ? `${store.name} is ahead of ${data.directory}: it has events ${events}, and ${path} ends before them. This is an older copy, or was restored to an earlier moment: give it a destination of its own.`
        : `${store.name} has other events ${events} than ${path}: one of them is another history, or damaged. Nothing was changed; tally verify --against tells which.`,
    )
  }

  /** Carries the next piece; false when nothing lay behind it, or there was none. On failure the piece will be carried next time. */
  async ship(): Promise<boolean> {
    const from = this.#reader.position
    let hasMore = false
    try {
      const piece = readPiece(this.#reader, PIECE_BYTES)
      if (piece === undefined) return false
      hasMore = !piece.isNewest
      const { segment } = piece.entry.from
      const last = this.#pieces.at(-1)
      await this.#carry(piece)
      if (last !== undefined && last.from.segment < segment) await this.#closeSegment(last)
      this.#pieces.push(piece.entry)
    } catch (error) {
      this.#reader.position = from
      throw error
    }
    await this.#join()
    return hasMore
  }

  async #closeSegment({ from: { segment } }: PieceEntry): Promise<void> {
    const pieces = this.#pieces
    const bytes = encodeSegmentPieces({ segment, before: this.#closed, pieces })
    const sha256 = sha256Of(bytes)
    const object = `${segmentPrefix(segment)}pieces-${sha256.slice(0, 16)}.json`
    await this.#options.store.write(object, bytes)
    this.#closed = { object, bytes: bytes.length, sha256 }
    this.#pieces = []
  }

  async #carry({
    entry,
    bytes,
  }: Pick<NewPiece, 'bytes'> & { readonly entry: Named }): Promise<void> {
    const { store, pace, signal } = this.#options
    signal?.throwIfAborted()
    if (this.#there.get(entry.object) === bytes.length) {
      this.shipped.found += bytes.length
      return
    }
    await store.write(entry.object, bytes)
    this.shipped.pieces++
    this.shipped.bytes += bytes.length
    await pace.spend(bytes.length, signal)
  }

  /** Puts small pieces together when they are many. */
  async #join(): Promise<void> {
    const kept = piecesToKeep(this.#pieces)
    const joined = this.#pieces.slice(kept)
    const first = joined[0]
    if (first === undefined) return
    const end = this.#reader.position
    try {
      this.#reader.position = first.from
      const bytesMax = joined.reduce((sum, { bytes }) => sum + bytes, 0)
      const piece = readPiece(this.#reader, bytesMax)
      if (piece?.entry.to.offset !== end.offset) return
      await this.#carry(piece)
      this.#pieces = [...this.#pieces.slice(0, kept), piece.entry]
      this.#superseded.push(...joined.map(({ object }) => object))
    } finally {
      this.#reader.position = end
    }
  }

  /** After the journal: what an event refers to was durable before it was. */
  async #shipPrivate(): Promise<void> {
    for (let piece = this.#private.next(); piece !== undefined; piece = this.#private.next()) {
      await this.#carry(piece)
      this.#private.taken(piece)
    }
    const joined = this.#private.joined()
    if (joined === undefined) return
    await this.#carry(joined)
    this.#superseded.push(...this.#private.replaced(joined))
  }

  /** Writes the manifest of all that was carried. @throws BackupRefused when somebody else has written one meanwhile. */
  async publish(state: ProvedState | undefined = this.#state): Promise<void> {
    const { store, sign, data, now, onShipped } = this.#options
    const journalId = this.#reader.journalId.toString('hex')
    await this.takeCheckpoint()
    await this.#shipPrivate()
    const there = await store.read(MANIFEST_NAME)
    if (!sameBytes(there, this.#written)) {
      throw new BackupRefused(`Another backup writes to ${store.name}: one at a time.`)
    }
    const bytes = await encodeManifest(
      {
        journalId,
        shard: data.shard,
        writtenAt: new Date(now()).toISOString(),
        ...{ sequence: this.sequence, checkpoint: this.#checkpoint },
        ...{ end: this.#reader.position, state, closed: this.#closed, pieces: this.#pieces },
        private: this.#private.entries,
      },
      sign,
    )
    await store.write(MANIFEST_NAME, bytes)
    this.#written = bytes
    this.#state = state
    await onShipped?.({ journal: journalId, sequence: this.sequence })
    for (const object of this.#superseded.splice(0)) await store.remove(object)
  }

  /** One that is ahead of what was carried waits for its events. @returns whether there is a newer one for the manifest. */
  async takeCheckpoint(): Promise<boolean> {
    const before = this.#checkpoint
    const known = this.#nextCheckpoint
    const newest = await this.#options.checkpoints?.()
    for (const note of [known, newest]) {
      if (note === undefined) continue
      if (isCovered(note, this.sequence)) this.#checkpoint = note
      else this.#nextCheckpoint = note
    }
    return this.#checkpoint !== before
  }

  /** Removes what earlier runs left of the newest segment and of personal data, named by no manifest. */
  async sweep(): Promise<void> {
    const { store, now } = this.#options
    const segment = this.#pieces[0]?.from.segment
    if (segment === undefined) return
    const named = new Set([...this.#pieces, ...this.#private.entries].map(({ object }) => object))
    for (const prefix of [segmentPrefix(segment), PRIVATE_PREFIX]) {
      for (const { name, writtenAt } of await store.list(prefix)) {
        if (named.has(name) || now() - writtenAt < ORPHAN_AGE_MS) continue
        await store.remove(name)
      }
    }
  }
}

function sameBytes(a: Buffer | undefined, b: Buffer | undefined): boolean {
  return a === undefined || b === undefined ? a === b : a.equals(b)
}
