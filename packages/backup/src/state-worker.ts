/** A thread that folds the book up to an event and tells the hashes of the state: so that carrying goes on meanwhile. */
import assert from 'node:assert/strict'
import { parentPort, workerData } from 'node:worker_threads'

import { stateAt } from '@tallystick/engine'

import type { StateMessage, StateTask } from './state-thread.ts'

const port = parentPort
assert(port !== null)
const task: StateTask = workerData
const tell = (message: StateMessage): void => port.postMessage(message)

const { contentHash, stateHash, sequence } = await stateAt({
  ...task,
  onProgress: (done, total) => tell({ done, total }),
})
tell({ state: { sequence, contentHash, stateHash } })
