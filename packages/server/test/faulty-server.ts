/** A server process whose disk and clock can be made to fail while it runs. */
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { BookModel } from './book-model.ts'
import type { Faults } from './fault-disk.ts'
import { type Call, callerOf, ROOT_KEY } from './harness.ts'
import {
  places,
  scratchDirectory,
  type ServerProcess,
  startProcess,
  urlOf,
} from './server-process.ts'

const FAULT_DISK = fileURLToPath(new URL('fault-disk.ts', import.meta.url))
/** By then the process has read what is wrong, ms. */
const HEARD_MS = 20

export class FaultyServer {
  readonly path = scratchDirectory()
  readonly data = join(this.path, 'data')
  readonly book = new BookModel(this.data)
  process: ServerProcess | undefined

  /** From now on this is wrong, and nothing else. */
  async suffer(faults: Faults): Promise<void> {
    const file = join(this.path, 'faults.json')
    writeFileSync(`${file}.new`, JSON.stringify(faults))
    renameSync(`${file}.new`, file)
    await sleep(HEARD_MS)
  }

  begin(): ServerProcess {
    const env = { TALLY_ROOT_KEY: ROOT_KEY, TEST_FAULTS: join(this.path, 'faults.json') }
    this.process = startProcess(places(this.path), env, ['--import', FAULT_DISK])
    return this.process
  }

  /** Once it is ready. */
  async start(faults: Faults = {}): Promise<Call> {
    await this.suffer(faults)
    return callerOf(await urlOf(this.begin()))
  }

  /** @returns the exit code. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    this.process?.child.kill(signal)
    return (await this.process?.exit) ?? null
  }
}
