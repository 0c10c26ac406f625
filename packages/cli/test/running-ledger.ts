/** A server on a free port with data of its own, and `tally` run against it in this process or as one of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type RunningServer, type ServerOptions, startServer } from '@tallystick/server'
import { type Captured, captured } from '../src/program.fixture.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const ROOT_KEY = `tk_root_${'5Jx8'.repeat(12)}`

export class RunningLedger {
  readonly server: RunningServer
  /** Where commands run, and what they write lies. */
  readonly directory: string

  private constructor(server: RunningServer, directory: string) {
    this.server = server
    this.directory = directory
  }

  /** @param options what is special about the server. */
  static async start(options: ServerOptions = {}): Promise<RunningLedger> {
    const directory = mkdtempSync(join(tmpdir(), 'tally-cli-'))
    const data = join(directory, 'data')
    const server = await startServer({ data, rootKey: ROOT_KEY, ...options })
    return new RunningLedger(server, directory)
  }

  get variables(): Record<string, string> {
    // What is seen of one server is kept apart from what is seen of the others.
    return { TALLY_URL: this.server.url, TALLY_KEY: ROOT_KEY, TALLY_STATE: this.path('state') }
  }

  run(...argv: readonly string[]): Promise<Captured> {
    return captured(argv, { cwd: this.directory, variables: this.variables })
  }

  /** The one JSON value that a command answers. */
  async json(...argv: readonly string[]): Promise<Record<string, unknown>> {
    const { code, stdout, stderr } = await this.run(...argv, '--json')
    if (code !== 0) throw new Error(`tally ${argv.join(' ')} ended with ${code}: ${stderr}`)
    return JSON.parse(stdout) as Record<string, unknown>
  }

  /** As a process, which can be killed. */
  spawn(...argv: readonly string[]): ChildProcess {
    return spawn(process.execPath, [MAIN, ...argv], {
      cwd: this.directory,
      env: { ...process.env, ...this.variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  }

  path(name: string): string {
    return join(this.directory, name)
  }

  contentHash(): Promise<string> {
    return this.server.ledger.contentHash()
  }

  async stop(): Promise<void> {
    await this.server.close()
    rmSync(this.directory, { recursive: true, force: true })
  }
}

export async function ended(child: ChildProcess): Promise<{ code: number | null; stdout: string }> {
  let stdout = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  await once(child, 'close')
  return { code: child.exitCode, stdout }
}
