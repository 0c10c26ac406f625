/** The real server in a process of its own, started as `npm start` starts it, over a data directory of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { endWithUs } from './end-with-us.ts'
import { freePort } from './free-port.ts'

const READY_POLL_MS = 5
const READY_MS_MAX = 600_000
/** What a failed start has said is shown up to here. */
const SAID_MAX = 4_000

/** As `npm start` has it. */
const HUGE_PAGES = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' }

export class ServerProcess {
  readonly port: number
  readonly rootKey: string
  readonly dataDirectory: string
  /** From the start of the process to the first answer of `/readyz`. */
  readonly startMs: number
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, place: Place, startMs: number) {
    this.#child = child
    this.port = place.port
    this.rootKey = place.rootKey
    this.dataDirectory = place.dataDirectory
    this.startMs = startMs
  }

  /** @param directory holds `data` and `keys`; used before: the ledger that lies there is opened. */
  static async start(directory: string, more: readonly string[] = []): Promise<ServerProcess> {
    const place: Place = {
      port: await freePort(),
      rootKey: `tk_root_${randomBytes(32).toString('hex')}`,
      dataDirectory: join(directory, 'data'),
    }
    const main = new URL('./main.ts', import.meta.resolve('@tallystick/server'))
    const args = [
      ...[fileURLToPath(main), '--data', place.dataDirectory, '--keys', join(directory, 'keys')],
      ...[
        '--listen',
        `127.0.0.1:${place.port}`,
        '--log-level',
        'error',
        '--database',
        'off',
        ...more,
      ],
    ]
    const env = { ...HUGE_PAGES, ...environment(), TALLY_ROOT_KEY: place.rootKey }
    const begun = performance.now()
    const child = endWithUs(
      spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] }),
    )
    let said = ''
    const listen = (chunk: Buffer): void => void (said = (said + chunk.toString()).slice(-SAID_MAX))
    child.stdout?.on('data', listen)
    child.stderr?.on('data', listen)
    while (!(await isReady(place.port))) {
      if (child.exitCode !== null || performance.now() - begun > READY_MS_MAX) {
        child.kill('SIGKILL')
        throw new Error(`the server did not start:\n${said}`)
      }
      await sleep(READY_POLL_MS)
    }
    return new ServerProcess(child, place, performance.now() - begun)
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** Returns once the process is gone. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = once(this.#child, 'exit')
    this.#child.kill(signal)
    await ended
  }
}

interface Place {
  readonly port: number
  readonly rootKey: string
  readonly dataDirectory: string
}

/** The server's own settings in our environment are meant for another server. */
function environment(): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('TALLY_')),
  )
}

async function isReady(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`)
    await answer.arrayBuffer()
    return answer.status === 200
  } catch {
    return false
  }
}
