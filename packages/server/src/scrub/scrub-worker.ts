/**
 * A thread that reads the whole journal again and again, slowly, and says when bytes are not what was written. Where it is
 * is kept in a small file, so that a server which is restarted every day comes to the end, too.
 */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'

import { JournalCorrupt, PieceReader, RealDisk } from '@tallystick/journal'

import { parsePlace, type ScrubPlace } from './scrub-place.ts'
import type { ScrubMessage, ScrubTask } from './scrubber.ts'

/** Read and checked at once: some ms of work. */
const PIECE_BYTES = 1024 * 1024
/** ms between two times that the place is kept. */
const KEEP_EVERY_MS = 60_000

const port = parentPort
assert(port !== null)
const task: ScrubTask = workerData
const tell = (message: ScrubMessage): void => port.postMessage(message)

const KEPT = join(task.directory, 'scrub.json')

function kept(): ScrubPlace | undefined {
  try {
    return parsePlace(readFileSync(KEPT, 'utf8'))
  } catch {
    // Not there yet, or not whole: a pass begins anew.
    return undefined
  }
}

function keep(place: ScrubPlace): void {
  try {
    writeFileSync(`${KEPT}.part`, JSON.stringify(place), { mode: 0o600 })
    renameSync(`${KEPT}.part`, KEPT)
  } catch {
    // On a full disk, say: a restart begins the pass anew.
  }
}

/** Bytes of all segments, reserved space included. */
function journalBytes(): number {
  const names = readdirSync(task.book).filter((name) => name.endsWith('.book'))
  const sizes = names.map(
    (name) => statSync(join(task.book, name), { throwIfNoEntry: false })?.size,
  )
  return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0)
}

function readerAt(place: ScrubPlace | undefined): PieceReader {
  const { book: directory, shard } = task
  const reader = new PieceReader({
    ...{ disk: new RealDisk(), directory, shard },
  })
  if (place !== undefined) reader.position = place.position
  return reader
}

/** From a place, or from the beginning, to the end. @returns what is wrong, if anything is. */
async function pass(from: ScrubPlace | undefined): Promise<string | undefined> {
  const reader = readerAt(from)
  const total = journalBytes()
  let keptAt = performance.now()
  try {
    for (let piece = reader.next(PIECE_BYTES); piece; piece = reader.next(PIECE_BYTES)) {
      tell({ kind: 'read', bytes: piece.bytes.length })
      if (performance.now() - keptAt > KEEP_EVERY_MS) {
        keptAt = performance.now()
        keep({ beganAt, position: reader.position, damage })
      }
      await sleep((task.periodMs * piece.bytes.length) / Math.max(total, PIECE_BYTES))
    }
    return undefined
  } catch (error) {
    if (error instanceof JournalCorrupt) return error.message
    throw error
  }
}

let place = kept()
let beganAt = place?.beganAt ?? Date.now()
// Of the pass before: it counts until another one is over.
let { damage } = place ?? {}
tell({ kind: 'known', damage })
for (;;) {
  const wait = Math.min(beganAt - Date.now(), task.periodMs)
  if (wait > 0) await sleep(wait)
  damage = await pass(place)
  // The place itself may be of another time: only a pass from the beginning says that the journal is damaged.
  if (damage !== undefined && place !== undefined) damage = await pass(undefined)
  tell({ kind: 'passed', damage })
  place = undefined
  beganAt = Math.max(beganAt + task.periodMs, Date.now() + task.periodMs / 100)
  keep({ beganAt, position: readerAt(undefined).position, damage })
}
