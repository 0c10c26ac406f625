/**
 * Loaded into a real server before it starts (`node --import`), also into its threads: wraps the file calls that change something, and the
 * clock, so that a test can make them fail, wait or lie. What is wrong at the moment stands in the file that `TEST_FAULTS` names.
 */
import fs from 'node:fs'

export interface Faults {
  /** The disk is full: no file grows. */
  readonly full?: boolean
  /**
   * `kept`: the sync fails, the bytes are there. `lost`: the kernel has given the bytes up. Like `write`, it strikes what carries
   * something, not the zeros that are written ahead at some moment of their own: a test then knows which of its calls is struck.
   */
  readonly sync?: 'kept' | 'lost'
  /** `fails`: nothing is written. `short`: half of it is. */
  readonly write?: 'fails' | 'short'
  /** A sync takes this long, ms. */
  readonly syncMs?: number
  /** The wall clock is off by this much, ms. */
  readonly clockMs?: number
  /** The process dies in the middle of that call that changes something, counted from its start. */
  readonly dieAt?: number
}

/** How long the file's content is believed, ms. */
const BELIEVED_MS = 5

const path = process.env['TEST_FAULTS'] ?? ''
const { writeSync, fdatasyncSync, fsyncSync, ftruncateSync, renameSync, unlinkSync, openSync } = fs
const now = Date.now
let faults: Faults = {}
let readAt = Number.NEGATIVE_INFINITY
let calls = 0
interface Written {
  readonly position: number
  readonly length: number
  readonly isReserve: boolean
}

/** The newest write to each file: what a failed sync loses. */
const written = new Map<number, Written>()

function current(): Faults {
  if (performance.now() - readAt > BELIEVED_MS) {
    faults = JSON.parse(fs.readFileSync(path, 'utf8')) as Faults
    readAt = performance.now()
  }
  return faults
}

function failure(code: 'EIO' | 'ENOSPC', call: string): Error {
  return Object.assign(new Error(`${code}: made by a test, ${call}`), { code })
}

/** @param half what is done of the call before the process dies in it. */
function count(half = (): void => {}): Faults {
  const wrong = current()
  if (++calls === wrong.dieAt) {
    half()
    process.kill(process.pid, 'SIGKILL')
  }
  return wrong
}

function wait(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

/** The one form in which the journal's disk calls it. */
type Write = [file: number, source: Uint8Array, offset: number, length: number, position: number]

function write(...[file, source, offset, length, position]: Write): number {
  const half = (): number => writeSync(file, source, offset, (length + 1) >>> 1, position)
  const wrong = count(half)
  const isReserve = source[offset] === 0
  if (wrong.write === 'fails' && !isReserve) throw failure('EIO', 'write')
  if (wrong.write === 'short' && !isReserve) return half()
  const room = wrong.full === true ? fs.fstatSync(file).size - position : length
  if (room <= 0) throw failure('ENOSPC', 'write')
  written.set(file, { position, length, isReserve })
  return writeSync(file, source, offset, Math.min(length, room), position)
}

function sync(file: number): void {
  const wrong = count()
  if (wrong.syncMs !== undefined) wait(wrong.syncMs)
  const newest = written.get(file)
  if (wrong.sync === undefined || newest === undefined || newest.isReserve) {
    fdatasyncSync(file)
    return
  }
  if (wrong.sync === 'lost') {
    const { position, length } = newest
    writeSync(file, new Uint8Array(length), 0, length, position)
  }
  throw failure('EIO', 'fdatasync')
}

function counted<Args extends unknown[], Result>(
  call: (...args: Args) => Result,
): (...args: Args) => Result {
  return (...args) => {
    count()
    return call(...args)
  }
}

Object.assign(fs, {
  writeSync: write,
  fdatasyncSync: sync,
  fsyncSync: counted(fsyncSync),
  ftruncateSync: counted(ftruncateSync),
  renameSync: counted(renameSync),
  unlinkSync: counted(unlinkSync),
  openSync: counted(openSync),
})
Date.now = () => now() + (current().clockMs ?? 0)
