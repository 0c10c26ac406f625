/** A thread that folds the book up to an event and tells the hashes of the state and the proof log's root: so that carrying goes on meanwhile. */
import assert from 'node:assert/strict'
import { parentPort, workerData } from 'node:worker_threads'

import { rootAt, stateAt } from '@tallystick/engine'
import { toBase64 } from '@tallystick/verify'

import type { StateMessage, StateTask } from './state-thread.ts'

const port = parentPort
assert(port !== null)
const task: StateTask = workerData
const tell = (message: StateMessage): void => port.postMessage(message)

const { contentHash, stateHash, sequence } = await stateAt({
  ...task,
  onProgress: (done, total) => tell({ done, total }),
})
const proofRoot = toBase64(await rootAt(task, sequence))
tell({ state: { sequence, contentHash, stateHash, proofRoot } })
