/** The other end of `roots-thread.ts`. */
import { parentPort, workerData } from 'node:worker_threads'

import { assert } from '@tallystick/money'

import { stepBack } from '../step-back.ts'
import { rootsOfBook } from './root-at.ts'
import type { RootsTask } from './roots-thread.ts'

assert(parentPort !== null)
stepBack()
const { sizes, ...place }: RootsTask = workerData
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
parentPort.postMessage(await rootsOfBook(place, sizes))
