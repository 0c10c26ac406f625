/** A thread that makes one statement's page and ends: what it hashes and checks may take seconds, and payments go on. */
import assert from 'node:assert/strict'
import { parentPort, workerData } from 'node:worker_threads'

import { statementHtml, type StatementPage } from '@tallystick/verify'

const port = parentPort
assert(port !== null)
const page: StatementPage = workerData
port.postMessage(await statementHtml(page))
