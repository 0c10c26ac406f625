/**
 * Mends a data directory from a whole copy: segments are put together again from their own good pieces and the copy's, proved beside
 * the old ones, and then put in their place. What derives from the book is made again by the next start. Nothing is guessed, and
 * what was damaged is kept.
 */
import { existsSync, linkSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import { bookDirectory, verifyLedger, type VerifyReport } from '@tallystick/engine'
import { type Disk, DirectoryLock, RealDisk, segmentName } from '@tallystick/journal'

import { type DataDirectory, readRange, segmentPath } from './data-directory.ts'
import { BackupDamaged, BackupRefused } from './errors.ts'
import { compare, type Judgement } from './judge.ts'
import type { Source } from './source.ts'

/** Where mended segments lie until they are proved. */
const STAGING = 'repairing'

/** Where the server's background reader keeps how far it is, and what it found. */
const SCRUB_PLACE = 'scrub.json'

/** Bytes copied at a time. */
const COPY_BYTES = 8 * 1024 * 1024

export interface RepairOptions {
  /** Of the data. Nobody may be using it. */
  readonly directory: string
  readonly source: Source
  /** Say what would be done, and prove it; change nothing. */
  readonly dryRun?: boolean
  readonly onProgress?: (progress: {
    readonly stage: 'pieces' | 'verify'
    readonly done: number
    readonly total: number
  }) => void
}

export interface RepairReport {
  /** What was damaged, and is mended. */
  readonly mended: readonly Judgement[]
  /** Damage of the copy, which is as it was. */
  readonly damagedThere: readonly Judgement[]
  /** Derived directories that were set aside: the next start makes them again. */
  readonly setAside: readonly string[]
  /** Where the damaged files are now; undefined: there were none. */
  readonly kept: string | undefined
  readonly verified: VerifyReport
}

/**
 * @throws BackupRefused when the copy is of another history; BackupDamaged when something is left that the copy cannot mend: then nothing was
 * changed. DirectoryLocked, StoreFailed.
 */
export async function repair(options: RepairOptions): Promise<RepairReport> {
  const { directory, source, dryRun = false } = options
  const lock = new DirectoryLock(directory)
  const staging = join(directory, STAGING)
  try {
    return await new Repair({ ...options, dryRun }, staging).run(source)
  } finally {
    rmSync(staging, { recursive: true, force: true })
    lock.release()
  }
}

class Repair {
  readonly #options: RepairOptions & { readonly dryRun: boolean }
  readonly #data: DataDirectory
  readonly #disk: Disk = new RealDisk()
  readonly #staging: string
  readonly #keepIn: string
  readonly #setAside: string[] = []

  constructor(options: RepairOptions & { readonly dryRun: boolean }, staging: string) {
    const { directory, source } = options
    this.#options = options
    this.#data = { disk: this.#disk, directory, shard: source.shard }
    this.#staging = staging
    const at = new Date().toISOString().replaceAll(/[:.]/g, '-').toLowerCase()
    this.#keepIn = join(directory, `damaged-${at}`)
  }

  async run(source: Source): Promise<RepairReport> {
    const { onProgress, dryRun } = this.#options
    const { differences } = await compare({
      ...{ disk: this.#disk, directory: this.#data.directory, source },
      onProgress: (done, total) => onProgress?.({ stage: 'pieces', done, total }),
    })
    refuseHopeless(source, differences)
    const mended = differences.filter(({ verdict }) => verdict === 'broken_here')
    const segments = new Set(mended.map(({ piece }) => piece.from.segment))
    await this.#stage(source, segments)
    const verified = await this.#prove(source)
    if (!dryRun) this.#install(segments)
    await this.#setDerivedAside()
    // All of it was read just now: what the server's background reader found before is so no longer.
    if (!dryRun) rmSync(join(this.#data.directory, SCRUB_PLACE), { force: true })
    return {
      ...{ mended, setAside: this.#setAside, verified },
      damagedThere: differences.filter(({ verdict }) => verdict === 'broken_there'),
      kept: existsSync(this.#keepIn) ? this.#keepIn : undefined,
    }
  }

  /** A data directory of mended and, by links, of sound segments. */
  async #stage(source: Source, segments: ReadonlySet<number>): Promise<void> {
    const book = bookDirectory(this.#staging)
    rmSync(this.#staging, { recursive: true, force: true })
    this.#disk.makeDirectory(book)
    const names = this.#disk.readdir(bookDirectory(this.#data.directory))
    for (const name of names.filter((each) => each.endsWith('.book'))) {
      if (segments.has(Number.parseInt(name, 10))) continue
      linkSync(join(bookDirectory(this.#data.directory), name), join(book, name))
    }
    for (const segment of segments) await this.#mend(source, segment)
    this.#disk.syncDirectory(book)
  }

  /** Each piece from here if it is sound here, else from the copy; behind the copy's end, what is here. */
  async #mend(source: Source, segment: number): Promise<void> {
    const disk = this.#disk
    const file = disk.open(join(bookDirectory(this.#staging), segmentName(segment)), 'create')
    try {
      let end = 0
      for (const piece of source.pieces.filter(({ from }) => from.segment === segment)) {
        const bytes = await source.read(piece).catch((error: unknown) => {
          if (!(error instanceof BackupDamaged)) throw error
          return readRange(this.#data, piece)
        })
        if (bytes !== undefined) disk.pwrite(file, bytes, piece.from.offset)
        end = piece.to.offset
      }
      if (segment === source.pieces.at(-1)?.from.segment) this.#copyRest(segment, file, end)
      disk.fdatasync(file)
    } finally {
      disk.close(file)
    }
  }

  #copyRest(segment: number, target: number, from: number): void {
    const path = segmentPath(this.#data, segment)
    if (!existsSync(path)) return
    const disk = this.#disk
    const file = disk.open(path, 'read')
    try {
      const bytes = Buffer.alloc(COPY_BYTES)
      for (let at = from; at < disk.size(file);) {
        const read = disk.pread(file, bytes, at)
        disk.pwrite(target, bytes.subarray(0, read), at)
        at += read
      }
    } finally {
      disk.close(file)
    }
  }

  async #prove(source: Source): Promise<VerifyReport> {
    const { onProgress } = this.#options
    const verified = await verifyLedger({
      ...{ directory: this.#staging, shard: this.#data.shard },
      onProgress: ({ done, total }) => onProgress?.({ stage: 'verify', done, total }),
    })
    const { state } = source
    const isSame =
      verified.lastSequence !== state?.sequence || verified.stateHash === state.stateHash
    if (verified.sound && isSame) return verified
    const reason = verified.problems[0]?.text ?? 'its state is not the one that was proved'
    throw new BackupDamaged({
      object: bookDirectory(this.#data.directory),
      offset: 0,
      // It was found beside: people look for the file that they have.
      reason: `${reason.replaceAll(this.#staging, this.#data.directory)}. ${source.name} cannot mend this; nothing was changed`,
    })
  }

  #install(segments: ReadonlySet<number>): void {
    for (const segment of segments) {
      const name = segmentName(segment)
      const path = segmentPath(this.#data, segment)
      if (existsSync(path)) this.#keep(path, name)
      renameSync(join(bookDirectory(this.#staging), name), path)
    }
    this.#disk.syncDirectory(bookDirectory(this.#data.directory))
    this.#disk.syncDirectory(this.#data.directory)
  }

  /** Links, so that there is a file in its place at any moment. */
  #keep(path: string, name: string): void {
    mkdirSync(this.#keepIn, { recursive: true, mode: 0o700 })
    linkSync(path, join(this.#keepIn, name))
  }

  /** Snapshots and sealed ids that do not hold. */
  async #setDerivedAside(): Promise<void> {
    const { directory, shard } = this.#data
    const { problems } = await verifyLedger({ directory, shard })
    for (const [kind, name] of [
      ['snapshot', 'snapshots'],
      ['ids', 'ids'],
    ] as const) {
      if (!problems.some((problem) => problem.kind === kind)) continue
      this.#setAside.push(name)
      if (this.#options.dryRun) continue
      mkdirSync(this.#keepIn, { recursive: true, mode: 0o700 })
      renameSync(join(directory, name), join(this.#keepIn, name))
    }
  }
}

function refuseHopeless(source: Source, differences: readonly Judgement[]): void {
  const other = differences.find(({ verdict }) => verdict === 'other_history')
  if (other !== undefined) {
    throw new BackupRefused(`${source.name} cannot mend this: ${other.text}. Nothing was changed.`)
  }
  const lost = differences.find(({ verdict }) => verdict === 'broken_everywhere')
  if (lost === undefined) return
  const { text, piece } = lost
  throw new BackupDamaged({
    ...{ object: piece.object, offset: 0 },
    reason: `both copies are damaged there: ${text}. Nothing was changed`,
  })
}
