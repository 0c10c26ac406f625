/** What the terminal shows when a server starts. */
import { relative } from 'node:path'

import type { OpenProgress, TallyLedger } from '@tallystick/engine'

import type { RunningServer } from '../start-server.ts'
import type { Keys } from './key-directory.ts'
import type { Settings } from './settings.ts'

export interface Output {
  write(text: string): unknown
  readonly isTTY?: boolean
}

interface Greeting {
  readonly version: string
  readonly settings: Settings
  readonly keys: Keys
  readonly server: RunningServer
}

export function greet(output: Output, { version, settings, keys, server }: Greeting): void {
  const { url, adminUrl } = server
  output.write(`Tallystick ${version}  ·  data ${settings.data}  ·  ${url}\n`)
  const { hasAdministrator } = server.ledger.access
  const rootKey = hasAdministrator ? 'ended: administrators have keys' : rootKeyText(keys)
  output.write(`root key  ${rootKey}\n`)
  const metrics = adminUrl === undefined ? '/metrics' : `${adminUrl}/metrics`
  output.write(`docs ${url}/docs   metrics ${metrics}   health /healthz\n`)
}

function rootKeyText({ rootKey, rootKeyFrom, rootKeyPath }: Keys): string {
  const path = relative(process.cwd(), rootKeyPath)
  const shown = path.startsWith('..') ? rootKeyPath : path
  switch (rootKeyFrom) {
    case 'made':
      return `${rootKey}  (shown once; also in ${shown})`
    case 'read':
      return `in ${shown}`
    case 'given':
      return 'from TALLY_ROOT_KEY'
  }
}

export function sayReady(output: Output, ledger: TallyLedger, ms: number): void {
  const { accounts, transfers } = ledger.metrics()
  const what = `${counted(accounts, 'account')}, ${counted(transfers, 'transfer')}`
  output.write(`ready in ${(ms / 1_000).toFixed(1)} s, ${what}\n`)
}

function counted(number: number, noun: string): string {
  return `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`
}

const STAGES: Readonly<Record<OpenProgress['stage'], string>> = {
  snapshot: 'reading the snapshot',
  replay: 'replaying the journal',
  ids: 'loading ids',
  verify: 'checking the journal',
}
const REDRAW_MS = 100

/** One line that is drawn over, on a terminal alone. */
export class Progress {
  readonly #output: Output
  #drawnAt = 0
  #drawn = false

  constructor(output: Output) {
    this.#output = output
  }

  show({ stage, done, total }: OpenProgress): void {
    const now = performance.now()
    if (this.#output.isTTY !== true || now - this.#drawnAt < REDRAW_MS) return
    this.#drawnAt = now
    this.#drawn = true
    const percent = total === 0 ? 100 : Math.floor((done / total) * 100)
    this.#output.write(`\r\u001b[K${STAGES[stage]}  ${percent} %`)
  }

  end(): void {
    if (this.#drawn) this.#output.write('\r\u001b[K')
  }
}
