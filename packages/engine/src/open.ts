/** Opens a ledger: in memory, or from a directory with recovery. */
import { randomFillSync } from 'node:crypto'
import { resolve } from 'node:path'

import { type Disk, DirectoryLock, MemoryDisk, RealDisk } from '@tallystick/journal'
import type { Reader } from '@tallystick/ledger'
import type { CopyAccountId } from '@tallystick/proof'

import { Calls } from './calls.ts'
import { type Clock, systemClock } from './clock.ts'
import { EmbeddedLedger } from './embedded-ledger.ts'
import { Engine } from './engine.ts'
import { SNAPSHOT_EVERY_BYTES, SNAPSHOT_SLICE_BYTES } from './limits.ts'
import { BookReader } from './reading/book-reader.ts'
import { Queries } from './reading/queries.ts'
import { recover, snapshotDirectory } from './recovery.ts'
import { type Scheduler, systemScheduler } from './scheduler.ts'
import { type Sizes, SIZES } from './sizes.ts'
import { snapshotName } from './snapshots/snapshot-format.ts'
import { removeParts } from './snapshots/snapshot-reader.ts'
import { InlineSnapshotSink, type SnapshotSink } from './snapshots/snapshot-sink.ts'
import { ThreadSnapshotSink } from './snapshots/snapshot-thread.ts'
import { Attesting } from './proofs/attesting.ts'
import { type OpenedProofs, openProofs } from './proofs/open-proofs.ts'
import type { TallyLedger } from './tally-ledger.ts'

/** How far opening has come. `total` is in the same unit; what it counts depends on the stage. */
export interface OpenProgress {
  readonly stage: 'snapshot' | 'replay' | 'ids' | 'verify'
  readonly done: number
  readonly total: number
}

interface CommonOptions {
  /** Default: the machine's. */
  readonly clock?: Clock
  /** When things run; default: the event loop. For simulations. */
  readonly scheduler?: Scheduler
  /** Called once when a write failed for good: the process has to stop, a restart recovers. */
  readonly onFatal?: (error: Error) => void
  /** Notes for an operator: a broken snapshot passed over, a torn tail cut, the clock jumped. */
  readonly onNote?: (note: string) => void
  readonly shard?: number
  /** Keep a proof log beside the book (docs/decisions/0013); default false. */
  readonly proofs?: boolean
  /** Asked before the state of all accounts is stated without anyone asking, at a day's end or after a snapshot; default: it may. */
  readonly mayStateAlone?: () => Promise<boolean>
  /** Random bytes for salts and ids; default `crypto.randomFillSync`. Tests and the simulator inject theirs. */
  readonly random?: (into: Uint8Array) => void
}

export interface MemoryOptions extends CommonOptions {
  readonly memory: true
  readonly directory?: undefined
}

export interface DirectoryOptions extends CommonOptions {
  readonly memory?: false
  /** Made when it is not there. One process at a time: others get `DirectoryLocked`. */
  readonly directory: string
  readonly disk?: Disk
  /** Use a writer thread and worker threads; default true on the real disk. */
  readonly threads?: boolean
  readonly onProgress?: (progress: OpenProgress) => void
  /** Journal bytes between two snapshots; 0 = only at `close` and by `snapshot()`. */
  readonly snapshotEveryBytes?: number
  /** For simulations. */
  readonly sizes?: Partial<Sizes>
}

export type OpenOptions = MemoryOptions | DirectoryOptions

/**
 * Opens a ledger. @throws DirectoryLocked, JournalCorrupt, JournalRefused (from `@tallystick/journal`), and what the disk throws.
 */
export async function openLedger(options: OpenOptions): Promise<TallyLedger> {
  const disk = options.memory === true ? new MemoryDisk() : (options.disk ?? new RealDisk())
  const isReal = disk instanceof RealDisk
  const place = placeOf(options, isReal)
  const random = options.random ?? ((into: Uint8Array): void => void randomFillSync(into))
  disk.makeDirectory(place.directory)
  const lock = isReal ? new DirectoryLock(place.directory) : undefined
  try {
    const { onNote = () => {}, onFatal = () => {}, shard = 0 } = options
    const parts = await recover({
      ...{ disk, ...place, shard, onNote },
      inMemory: options.memory === true,
      ...{ seed: seedFrom(random), random },
    })
    const clock = options.clock ?? systemClock
    const scheduler = options.scheduler ?? systemScheduler
    const proofs =
      options.proofs === true
        ? openProofs({
            ...{ disk, directory: place.directory, shard, onNote, scheduler },
            threads: place.threads,
            ...{ journal: parts.journal, book: parts.book, accounts: idsOf(parts.ledger.read) },
          })
        : undefined
    let attesting: Attesting | undefined
    const engine = new Engine(parts, {
      onSnapshot: (sequence) => attesting?.snapshotMade(sequence),
      ...{ shard, clock, random, onNote, onFatal, threads: place.threads, scheduler },
      onDurable: (sequence) => proofs?.proving.durable(sequence),
      // In memory they serve the trees over all accounts alone.
      snapshots: options.memory === true && proofs === undefined ? undefined : sinkFor(disk, place),
      snapshotEveryBytes: place.snapshotEveryBytes,
      idsPerGeneration: place.sizes.idsPerGeneration,
      partCommands: place.sizes.partCommands,
    })
    const calls = callsOf(engine, clock, random)
    if (proofs !== undefined) {
      attesting = attestingOf(engine, calls, {
        ...{ proofs, clock, scheduler, onNote, mayStateAlone: options.mayStateAlone },
        directory: snapshotDirectory(place.directory),
      })
    }
    return assemble(engine, { calls, proofs, attesting, onClosed: () => lock?.release() })
  } catch (error) {
    lock?.release()
    throw error
  }
}

function assemble(
  engine: Engine,
  outside: {
    calls: Calls
    proofs: OpenedProofs | undefined
    attesting: Attesting | undefined
    onClosed: () => void
  },
): TallyLedger {
  const { parts } = engine
  const reader = new BookReader(parts)
  const whenDurable = (sequence: number): Promise<void> => engine.whenDurable(sequence)
  const queries = new Queries({ ...parts, reader, whenDurable })
  return new EmbeddedLedger({ engine, reader, queries, ...outside })
}

function callsOf({ parts, sequencer }: Engine, clock: Clock, random: (into: Uint8Array) => void) {
  return new Calls({
    ...{ book: parts.book, clock, random },
    submit: (request, done) => sequencer.submit(request, done),
  })
}

function attestingOf(
  engine: Engine,
  calls: Calls,
  around: {
    proofs: OpenedProofs
    clock: Clock
    scheduler: Scheduler
    /** Of the snapshots. */
    directory: string
    onNote: (note: string) => void
    mayStateAlone: (() => Promise<boolean>) | undefined
  },
): Attesting {
  const { log, proving } = around.proofs
  return new Attesting({
    ...around,
    log,
    last: () => {
      const { lastSequence: sequence, lastTimestamp: timestamp } = engine.parts.ledger
      return { sequence, timestamp }
    },
    snapshot: () => engine.snapshot(),
    tree: (through) =>
      proving.tree({
        snapshot: `${around.directory}/${snapshotName(through)}`,
        salt: log.frameSalt(through),
      }),
    apply: (commands) => calls.apply(commands, {}),
  })
}

interface Place {
  readonly directory: string
  readonly threads: boolean
  readonly snapshotEveryBytes: number
  readonly sizes: Sizes
  readonly onProgress: (progress: OpenProgress) => void
}

function placeOf(options: OpenOptions, isReal: boolean): Place {
  if (options.memory === true) {
    return {
      ...{ directory: 'memory', threads: false, snapshotEveryBytes: 0, sizes: SIZES },
      onProgress: () => {},
    }
  }
  return {
    directory: isReal ? resolve(options.directory) : options.directory,
    threads: isReal && (options.threads ?? true),
    snapshotEveryBytes: options.snapshotEveryBytes ?? SNAPSHOT_EVERY_BYTES,
    sizes: { ...SIZES, ...options.sizes },
    onProgress: options.onProgress ?? (() => {}),
  }
}

function sinkFor(disk: Disk, { directory, threads }: Place): SnapshotSink {
  const path = snapshotDirectory(directory)
  removeParts(disk, path)
  return threads
    ? new ThreadSnapshotSink(path, SNAPSHOT_SLICE_BYTES)
    : new InlineSnapshotSink(disk, path, SNAPSHOT_SLICE_BYTES)
}

/** Gives ids of accounts by their slots, as words. */
function idsOf(read: Reader): CopyAccountId {
  return (slot, target, at) => {
    const id = read.accountId(slot)
    for (let word = 0; word < 4; word++) {
      target[at + word] = Number(BigInt.asUintN(32, id >> BigInt(32 * word)))
    }
  }
}

function seedFrom(random: (into: Uint8Array) => void): number {
  const bytes = Buffer.alloc(4)
  random(bytes)
  return bytes.readUInt32LE()
}
