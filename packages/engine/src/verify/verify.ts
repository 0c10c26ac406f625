/**
 * Verifies a data directory from its book: reads it alone, up to what is durable, also while another process writes it. Nothing is
 * changed. The whole state is built twice, one after the other, so it needs about the memory that the ledger itself does, ids included.
 */
import {
  type Disk,
  type Journal,
  JournalCorrupt,
  JournalRefused,
  openJournal,
  RealDisk,
} from '@tallystick/journal'
import { Memory, RecordCursor } from '@tallystick/ledger'

import type { BookBody } from '../book-body.ts'
import { FrameMemory } from '../frame-memory.ts'
import type { OpenProgress } from '../open.ts'
import { STATEMENT_LEAVES_MAX } from '../limits.ts'
import { bookDirectory, idsDirectory, snapshotDirectory } from '../recovery.ts'
import { Chains } from './chains.ts'
import { Redecision } from './redecision.ts'
import { Problems, type TrialBalance, type VerifyReport } from './report.ts'
import { checkRequests } from './request-check.ts'
import { RootsCheck } from './roots-check.ts'
import { SealedCheck } from './sealed-check.ts'
import { checkSnapshots, hashOf } from './snapshot-check.ts'
import { checkSums } from './sums.ts'

export interface VerifyOptions {
  readonly directory: string
  readonly disk?: Disk
  readonly shard?: number
  /**
   * Leaves of the trees over all accounts that are made again for statements; beyond it the newest and a lot of the others are.
   * Infinity: every one. Default: a few minutes' work.
   */
  readonly statementLeavesMax?: number
  readonly onProgress?: (progress: OpenProgress) => void
}

/** Events between two moments at which others may run. */
const YIELD_EVERY = 65_536

/** Never throws for what it finds: that is in the report. @throws what the disk throws when it cannot be read at all. */
export async function verifyLedger(options: VerifyOptions): Promise<VerifyReport> {
  const disk = options.disk ?? new RealDisk()
  const problems = new Problems()
  let journal: Journal
  try {
    journal = openJournal({
      ...{ disk, shard: options.shard ?? 0, from: { sequence: 1 } },
      directory: bookDirectory(options.directory),
    })
  } catch (error) {
    return unreadable(error, problems)
  }
  try {
    return await new Verification({ options, disk, journal, problems }).run()
  } finally {
    await journal.close()
  }
}

function unreadable(error: unknown, problems: Problems): VerifyReport {
  addJournalProblem(problems, undefined, error)
  return {
    ...{ sound: false, problems: problems.list, problemCount: problems.count },
    ...{ frames: 0, events: 0, requests: 0, bytes: 0, lastSequence: 0, lastTimestamp: 0n },
    ...{ accounts: 0, openHolds: 0, trialBalances: [], statements: { found: 0, madeAgain: 0 } },
    ...{ contentHash: undefined, stateHash: undefined },
  }
}

/** @throws the error itself when it says nothing of the journal. */
function addJournalProblem(problems: Problems, sequence: number | undefined, error: unknown): void {
  if (error instanceof JournalCorrupt) problems.add('checksum', sequence, error.message)
  else if (error instanceof JournalRefused) problems.add('unreadable', sequence, error.message)
  else throw error
}

class Verification {
  readonly #options: VerifyOptions
  readonly #disk: Disk
  readonly #journal: Journal
  readonly #problems: Problems
  readonly #again: Redecision
  readonly #chains: Chains
  readonly #sealed: SealedCheck
  readonly #roots: RootsCheck
  readonly #cursor = new RecordCursor(Memory.allocate(8))
  #frames = 0
  #events = 0
  #requests = 0

  constructor(parts: { options: VerifyOptions; disk: Disk; journal: Journal; problems: Problems }) {
    const { options, disk, journal, problems } = parts
    this.#options = options
    this.#disk = disk
    this.#journal = journal
    this.#problems = problems
    this.#again = new Redecision(journal.reader, problems)
    this.#chains = new Chains(problems)
    this.#roots = new RootsCheck(problems, options.statementLeavesMax ?? STATEMENT_LEAVES_MAX)
    this.#sealed = new SealedCheck(disk, idsDirectory(options.directory), problems)
  }

  async run(): Promise<VerifyReport> {
    await this.#roots.find(this.#journal.reader)
    await this.#readBook()
    const { ledger, diverged } = this.#again
    const isWhole = !diverged && ledger.lastSequence === this.#journal.reader.lastSequence
    let trialBalances: TrialBalance[] = []
    let stateHash: string | undefined
    if (isWhole) {
      trialBalances = checkSums(ledger.read, this.#chains, this.#problems)
      this.#sealed.finish(ledger.lastSequence)
      this.#roots.finish()
      stateHash = hashOf(ledger.read.stateBytes())
      await this.#checkSnapshots(stateHash)
    }
    return {
      sound: this.#problems.count === 0,
      problems: this.#problems.list,
      problemCount: this.#problems.count,
      ...{ frames: this.#frames, events: this.#events, requests: this.#requests },
      bytes: this.#journal.report.bytes,
      lastSequence: this.#journal.reader.lastSequence,
      lastTimestamp: ledger.lastTimestamp,
      accounts: ledger.read.accountCount,
      openHolds: ledger.read.openHoldCount,
      statements: this.#roots.counts,
      trialBalances,
      contentHash: isWhole ? hashOf(ledger.read.contentBytes()) : undefined,
      stateHash,
    }
  }

  async #readBook(): Promise<void> {
    const { reader } = this.#journal
    const total = reader.lastSequence
    if (total < reader.firstSequence) return
    const frames = new FrameMemory()
    let yielded = 0
    try {
      for (const frame of reader.frames()) {
        if (frame.count > 0) this.#body(frames.body(frame), frame.bodyBytes)
        if (this.#events - yielded < YIELD_EVERY) continue
        yielded = this.#events
        this.#options.onProgress?.({ stage: 'verify', done: this.#events, total })
        await new Promise((resolve) => void setImmediate(resolve))
      }
    } catch (error) {
      addJournalProblem(this.#problems, this.#events + 1, error)
    }
    this.#options.onProgress?.({ stage: 'verify', done: this.#events, total })
  }

  #body(body: BookBody, length: number): void {
    this.#frames++
    this.#requests += checkRequests(body, this.#problems)
    for (let index = 0; index < body.count; index++) {
      const record = body.point(index, this.#cursor)
      this.#chains.event(record)
      this.#sealed.event(record)
    }
    this.#events += body.count
    this.#again.body(body, length)
    if (!this.#again.diverged) this.#roots.after(body, this.#again.ledger)
  }

  #checkSnapshots(stateHash: string): Promise<void> {
    const { directory, onProgress } = this.#options
    return checkSnapshots({
      ...{ disk: this.#disk, reader: this.#journal.reader, problems: this.#problems, stateHash },
      directory: snapshotDirectory(directory),
      onProgress: (done, total) => onProgress?.({ stage: 'replay', done, total }),
    })
  }
}
