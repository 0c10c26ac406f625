/** A ledger with a proof log over directories that outlive its server, and that a test may exchange between two lives. */
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'

import type { ServerOptions } from '../src/index.ts'
import { type Call, testServer, type TestServer } from './harness.ts'
import { scratchDirectory } from './server-process.ts'

export const ORIGIN = 'ledger.example/log'

/** A server over directories that outlive it. */
export class Lives {
  readonly path = scratchDirectory()
  readonly options = {
    data: join(this.path, 'data'),
    keys: join(this.path, 'keys'),
    logOrigin: ORIGIN,
  }
  server: TestServer | undefined

  async start(options: ServerOptions = {}): Promise<Call> {
    await this.server?.close()
    this.server = await testServer({ ...this.options, ...options })
    return this.server.call
  }

  /** As it is between two lives. */
  async stop(): Promise<void> {
    await this.server?.close()
    this.server = undefined
  }

  /** Puts one directory in the place of another. */
  copy(from: string, to: string): void {
    rmSync(join(this.path, to), { recursive: true, force: true })
    cpSync(join(this.path, from), join(this.path, to), {
      recursive: true,
      filter: (path) => !path.includes('lock.sqlite'),
    })
  }
}
