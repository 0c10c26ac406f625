/**
 * The proof thread: hashes decided events into the tree when told how far the book is durable. It takes what the ledger leaves: in a burst it
 * lags behind, and catches up afterwards.
 */
import { parentPort, workerData } from 'node:worker_threads'

import { isOutOfSpace, RealDisk } from '@tallystick/journal'
import { assert } from '@tallystick/money'

import { stepBack } from '../step-back.ts'
import { BACKLOG_EVENTS, BUSY_MS, REST, ROOM_MS, SLICE_EVENTS } from './limits.ts'
import { ProofMaker } from './proof-maker.ts'
import { Publishing } from './publishing.ts'
import type { TreeOrder } from './proving.ts'
import type { ProofNews, ProofTask, ProofThreadData } from './thread-proofs.ts'

assert(parentPort !== null)
stepBack()
const port = parentPort
const data: ProofThreadData = workerData

const tell = (news: ProofNews): void => port.postMessage(news)
const onNote = (note: string): void => tell({ kind: 'note', note })

let maker = begin()
let publishing = publishingOf(maker)
let through = 0
let toldAt = 0
let timer: NodeJS.Timeout | undefined
/** Found wrong with the files. */
let fault: string | undefined
/** The disk was full: what was written since the last head is not whole. */
let isShort = false

function begin(fault?: string): ProofMaker {
  return ProofMaker.open({ ...data, disk: new RealDisk(), onNote }, fault)
}

function publishingOf(of: ProofMaker): Publishing {
  return new Publishing(of, (head) => tell({ kind: 'head', head }))
}

/** From the last head on, or with a fault from the first event, with what is waited for still in mind. */
function remake(why?: string): void {
  const { wanted } = publishing
  maker.close()
  maker = begin(why)
  publishing = publishingOf(maker)
  publishing.wanted = wanted
  tell({ kind: 'head', head: maker.head })
}

function work(): void {
  timer = undefined
  try {
    if (fault !== undefined || isShort) remake(fault)
    if (isShort) onNote('there is room again: the proof log goes on')
    fault = undefined
    isShort = false
    const began = performance.now()
    maker.follow(through, SLICE_EVENTS)
    publishing.publish()
    const took = performance.now() - began
    const wait = maker.size < through ? restAfter(took) : publishing.dueIn()
    if (wait !== undefined) again(wait)
  } catch (error) {
    if (isOutOfSpace(error)) return waitForRoom()
    tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) })
    close()
  }
}

/** A full disk is no reason to stop: the ledger itself goes on once there is room. */
function waitForRoom(): void {
  if (!isShort) onNote('the proof log waits: its disk is full')
  isShort = true
  again(ROOM_MS)
}

/** While the ledger writes, most of the second core is left to it, unless somebody waits or the backlog grows too long. */
function restAfter(tookMs: number): number {
  if (publishing.wanted > maker.size) return 0
  const isBusy = performance.now() - toldAt < BUSY_MS
  return isBusy && through - maker.size < BACKLOG_EVENTS ? tookMs * REST : 0
}

function again(ms: number): void {
  clearTimeout(timer)
  timer = setTimeout(work, ms)
}

function close(): void {
  clearTimeout(timer)
  maker.close()
  port.close()
}

function makeTree(order: TreeOrder): void {
  try {
    tell({ kind: 'tree', tree: maker.makeTree(order) })
  } catch (error) {
    tell({ kind: 'no_tree', message: error instanceof Error ? error.message : String(error) })
  }
}

port.on('message', (task: ProofTask) => {
  if (task.kind === 'close') return close()
  if (task.kind === 'remake') {
    fault = task.why
    return again(0)
  }
  if (task.kind === 'tree') return makeTree(task.order)
  toldAt = performance.now()
  through = Math.max(through, task.through)
  publishing.wanted = Math.max(publishing.wanted, task.wanted)
  if (timer === undefined || (task.wanted > maker.size && !isShort)) again(0)
})

tell({ kind: 'head', head: maker.head })
