/**
 * The sealing thread: seals when told to, merges in between, in slices with rests, so that neither a waiting task nor
 * the main thread's share of two cores suffers from a long merge.
 */
import { parentPort, workerData } from 'node:worker_threads'

import {
  diskErrorCode,
  type Journal,
  JournalCorrupt,
  openJournal,
  RealDisk,
} from '@tallystick/journal'
import { assert } from '@tallystick/money'

import { stepBack } from '../step-back.ts'
import type { Book } from './collect.ts'
import { JOURNAL_OPEN_ATTEMPTS, MERGE_REST } from './limits.ts'
import { Sealer } from './sealer.ts'
import type { SealNews, SealTask, SealThreadData } from './thread-sealing.ts'

assert(parentPort !== null)
stepBack()
const port = parentPort
const data: SealThreadData = workerData
const disk = new RealDisk()
let journal: Journal | undefined
let timer: NodeJS.Timeout | undefined

const tell = (news: SealNews): void => port.postMessage(news)

/** The journal up to `through`: opened anew, since the main thread's writer goes on in its own. */
function book(through: number): Book {
  if (journal !== undefined && journal.reader.lastSequence >= through) return journal.reader
  void journal?.close()
  journal = openDurable(through)
  return journal.reader
}

/** A frame may be half written while this thread looks for the journal's end: that is no corruption if it passes. */
function openDurable(through: number): Journal {
  const { journalDirectory: directory, journalId, shard } = data
  for (let attempt = 1; ; attempt++) {
    try {
      return openJournal({ disk, directory, journalId, shard, from: { sequence: through } })
    } catch (error) {
      if (!(error instanceof JournalCorrupt) || attempt === JOURNAL_OPEN_ATTEMPTS) throw error
    }
  }
}

const sealer = new Sealer({
  disk,
  directory: data.directory,
  journalId: data.journalId,
  firstSequence: data.firstSequence,
  lastSequence: data.lastSequence,
  seed: data.seed,
  book,
  onProgress: (done, total) => tell({ kind: 'progress', done, total }),
})

function doTask(work: () => void): void {
  try {
    work()
    tell({ kind: 'state', state: sealer.state(), answer: true })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    tell({ kind: 'failed', message, code: diskErrorCode(error) })
  }
  mergeLater(0)
}

function mergeLater(restMs: number): void {
  clearTimeout(timer)
  timer = setTimeout(mergeSome, restMs)
}

function mergeSome(): void {
  const started = performance.now()
  const before = sealer.state().runs
  if (!sealer.step()) return
  const { runs } = sealer.state()
  if (runs !== before) tell({ kind: 'state', state: sealer.state(), answer: false })
  mergeLater((performance.now() - started) * MERGE_REST)
}

function close(): void {
  clearTimeout(timer)
  sealer.close()
  void journal?.close()
  port.close()
}

port.on('message', (task: SealTask) => {
  switch (task.kind) {
    case 'seal':
      return doTask(() => sealer.seal(task.from, task.through))
    case 'repair':
      return doTask(() => sealer.repair(task.files))
    case 'seen':
      if (task.revision === sealer.state().revision) sealer.tidy()
      return
    case 'wantFilter':
      sealer.wantFilter(task.file)
      return mergeLater(0)
    case 'close':
      return close()
  }
})

tell({ kind: 'state', state: sealer.state(), answer: true })
mergeLater(0)
