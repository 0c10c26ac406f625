/** Measures one shape of load over HTTP: uniform pairs, one hot account and bare Fastify take turns; the bare log follows. */
import { MediaType } from '@tallystick/contract'

import { frameSize } from '../frame-size.ts'
import type { LoadShape } from '../load/spec.ts'
import { type LogBaseline, measureLog } from '../machine/log-baseline.ts'
import { memoryUse } from '../machine/process-usage.ts'
import { Side } from '../stretches.ts'
import type { Context } from '../workload.ts'
import { type Extent, Rig } from './rig.ts'

export interface HttpWork {
  readonly shape: LoadShape
  readonly rounds: number
  /** Of uniform pairs; bare Fastify gets half of it. */
  readonly stretch: Extent
  readonly hotStretch: Extent
  readonly warmUp: Extent
  /** Whether bare Fastify is measured beside. */
  readonly fastify: boolean
}

export interface HttpMeasured {
  readonly work: HttpWork
  readonly uniform: Side
  readonly hot: Side
  /** Empty without it. */
  readonly fastify: Side
  /** The bytes of one request of every connection, in one write. */
  readonly log: LogBaseline
  readonly logBytes: number
  /** Bytes resident in the server at the end. */
  readonly resident: number
}

const LOG_SECONDS = 1
const LOG_SECONDS_QUICK = 0.2

export async function measureHttp(context: Context, work: HttpWork): Promise<HttpMeasured> {
  const { shape } = work
  const hotShape = { ...shape, spread: 'hot' } as const
  const rig = await Rig.start(context)
  try {
    await rig.openAccounts(shape)
    const { sample } = await rig.load(shape, work.warmUp)
    await rig.load(hotShape, shorter(work.warmUp, 4))
    if (work.fastify) {
      await rig.startBare({
        ...sample,
        mediaType: shape.kind === 'packed' ? MediaType.batch : MediaType.json,
      })
      await rig.bareStretch(shape, shorter(work.warmUp, 2))
    }
    const sides = { uniform: new Side(), hot: new Side(), fastify: new Side() }
    for (let round = 0; round < work.rounds; round++) {
      sides.uniform.add(await rig.stretch(shape, work.stretch))
      sides.hot.add(await rig.stretch(hotShape, work.hotStretch))
      if (work.fastify) sides.fastify.add(await rig.bareStretch(shape, shorter(work.stretch, 2)))
    }
    const resident = memoryUse(rig.server.pid).now
    await rig.server.end('SIGKILL')
    const { connections, batch, holdsPercent } = shape
    const logBytes = frameSize({
      requests: connections,
      transfers: connections * batch,
      holdsPercent,
    })
    const seconds = context.quick ? LOG_SECONDS_QUICK : LOG_SECONDS
    const log = measureLog({ directory: rig.directory, bytes: logBytes, writes: 20_000, seconds })
    return { work, ...sides, log, logBytes, resident }
  } finally {
    await rig.stop()
  }
}

function shorter({ requests, seconds }: Extent, times: number): Extent {
  return { requests, seconds: seconds / times }
}
