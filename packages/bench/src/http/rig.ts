/** What a measurement over HTTP stands on: the real server, a client in a process of its own, and for comparison bare Fastify. */
import type { BareAnswer } from '../load/bare-fastify.ts'
import {
  type LoadProgress,
  type LoadReport,
  type LoadShape,
  type LoadSpec,
  transfersShape,
} from '../load/spec.ts'
import { cpuSeconds } from '../machine/process-usage.ts'
import { makeDirectory, removeDirectory } from '../processes/end-with-us.ts'
import { HelperProcess } from '../processes/helper-process.ts'
import { ServerProcess } from '../processes/server-process.ts'
import type { Stretch } from '../stretches.ts'
import type { Context } from '../workload.ts'

/** Seeds of loads lie so far apart that no two connections of a rig ever share one. */
const SEED_STEP = 1_000_003
const OPENINGS_PER_BATCH = 8_000
const SECONDS_MAX = 3_600

/** How long a load lasts: until the first of the two. */
export interface Extent {
  readonly requests: number
  readonly seconds: number
}

export class Rig {
  readonly directory: string
  readonly client = new HelperProcess('load-process.ts')
  server: ServerProcess
  #bare: { readonly helper: HelperProcess; readonly port: number } | undefined
  #seed = 42

  private constructor(directory: string, server: ServerProcess) {
    this.directory = directory
    this.server = server
  }

  /** @param more arguments of the server. */
  static async start(context: Context, more: readonly string[] = []): Promise<Rig> {
    const directory = makeDirectory(context.directory)
    return new Rig(directory, await ServerProcess.start(directory, more))
  }

  async stop(): Promise<void> {
    await Promise.all([this.client.stop(), this.#bare?.helper.stop(), this.server.end('SIGKILL')])
    removeDirectory(this.directory)
  }

  /** Ends the server and starts it again over the same data. */
  async restart(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await this.server.end(signal)
    this.server = await ServerProcess.start(this.directory)
  }

  /** Opens all accounts of a load, in packed batches. */
  async openAccounts(
    { accounts, addressed }: Pick<LoadShape, 'accounts' | 'addressed'>,
    onProgress?: (progress: LoadProgress) => void,
  ): Promise<LoadReport> {
    const batch = Math.min(accounts, OPENINGS_PER_BATCH)
    const shape = transfersShape({ kind: 'open', connections: 1, batch, accounts, addressed })
    const extent = { requests: Math.ceil(accounts / batch), seconds: SECONDS_MAX }
    return this.load(shape, extent, onProgress)
  }

  /** Runs a load against the server. */
  load(
    shape: LoadShape,
    extent: Extent,
    onProgress: (progress: LoadProgress) => void = () => {},
  ): Promise<LoadReport> {
    return this.#ask(this.client, this.specFor(shape, extent), onProgress)
  }

  specFor(shape: LoadShape, extent: Extent): LoadSpec {
    const { port, rootKey } = this.server
    this.#seed += SEED_STEP
    return { ...shape, ...extent, port, rootKey, seed: this.#seed }
  }

  /** One stretch of a side, with the CPU time that it took. */
  async stretch(shape: LoadShape, extent: Extent): Promise<Stretch> {
    const before = cpuSeconds(this.server.pid)
    const report = await this.load(shape, extent)
    return stretchOf(report, shape, cpuSeconds(this.server.pid) - before)
  }

  async startBare(answer: BareAnswer): Promise<void> {
    const helper = new HelperProcess('bare-fastify-process.ts')
    this.#bare = { helper, port: await helper.ask<number>(answer) }
  }

  /** The same load against bare Fastify. Its answers are taken for those of the server, whose copies they are. */
  async bareStretch(shape: LoadShape, extent: Extent): Promise<Stretch> {
    if (this.#bare === undefined) throw new Error('bare Fastify was not started')
    const { helper, port } = this.#bare
    const before = cpuSeconds(helper.pid)
    const spec = { ...this.specFor(shape, extent), port }
    const report = await this.#ask(this.client, spec, () => {})
    return stretchOf(report, shape, cpuSeconds(helper.pid) - before)
  }

  #ask(
    client: HelperProcess,
    spec: LoadSpec,
    onProgress: (progress: LoadProgress) => void,
  ): Promise<LoadReport> {
    return client.ask<LoadReport>(spec, (progress) => onProgress(progress as LoadProgress))
  }
}

export function stretchOf(report: LoadReport, shape: LoadShape, serverSeconds: number): Stretch {
  const { requests, seconds, latencies, cpuSeconds: client } = report
  return {
    items: requests * shape.batch,
    seconds,
    latencies,
    cpu: { server: serverSeconds, client },
  }
}
