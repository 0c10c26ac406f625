/** A load from its first request to its last answer. */
import type { Answer } from './answer-reader.ts'
import { Connection } from './connection.ts'
import { makeMaker } from './make-maker.ts'
import { Samples } from './samples.ts'
import type { LoadProgress, LoadReport, LoadSpec } from './spec.ts'

const PROGRESS_MS = 1_000

/** @throws when an answer is not a good one, or a connection breaks. */
export async function runLoad(
  spec: LoadSpec,
  onProgress: (progress: LoadProgress) => void = () => {},
): Promise<LoadReport> {
  const run = new Run(spec)
  const connections: Connection[] = []
  try {
    for (let index = 0; index < Math.min(spec.connections, spec.requests); index++) {
      const events = { onAnswer: run.answered, onFailed: run.failed }
      connections.push(await Connection.open(spec.port, makeMaker({ spec, index }), events))
    }
    for (const connection of connections) connection.prepare()
    const timer = setInterval(() => onProgress(run.progress), PROGRESS_MS)
    const report = run.start(connections).finally(() => clearInterval(timer))
    return await report
  } finally {
    for (const connection of connections) connection.close()
  }
}

class Run {
  readonly #spec: LoadSpec
  readonly #latencies = new Samples()
  readonly #answeredAt = new Samples()
  #sent = 0
  #begun = 0
  #isOver = false
  #last: Answer | undefined
  #resolve: () => void = () => {}
  #reject: (error: Error) => void = () => {}

  constructor(spec: LoadSpec) {
    this.#spec = spec
  }

  get progress(): LoadProgress {
    return { requests: this.#latencies.count, seconds: (performance.now() - this.#begun) / 1_000 }
  }

  async start(connections: readonly Connection[]): Promise<LoadReport> {
    const done = new Promise<void>((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    const cpu = process.cpuUsage()
    this.#begun = performance.now()
    this.#sent = connections.length
    for (const connection of connections) connection.send()
    await done
    const { user, system } = process.cpuUsage(cpu)
    return {
      requests: this.#latencies.count,
      seconds: this.#answeredAt.last / 1_000,
      latencies: this.#latencies.take(),
      answeredAt: this.#answeredAt.take(),
      cpuSeconds: (user + system) / 1e6,
      sample: { status: this.#last?.status ?? 0, body: Uint8Array.from(this.#last?.body ?? []) },
    }
  }

  readonly answered = (answer: Answer, sentAt: number): boolean => {
    const now = performance.now()
    this.#latencies.add(now - sentAt)
    this.#answeredAt.add(now - this.#begun)
    if (now - this.#begun >= this.#spec.seconds * 1_000) this.#isOver = true
    if (!this.#isOver && this.#sent < this.#spec.requests) {
      this.#sent++
      return true
    }
    if (this.#latencies.count < this.#sent) return false
    // Copied while it is still there: a body is a view of the last chunk that was read.
    this.#last = { status: answer.status, body: Buffer.from(answer.body) }
    this.#resolve()
    return false
  }

  readonly failed = (error: Error): void => this.#reject(error)
}
