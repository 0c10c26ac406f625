/** The thread that follows. It ends at the first failure: whoever started it starts it again, and the tables say where to go on. */
import { parentPort, workerData } from 'node:worker_threads'

import { stepBack } from '@tallystick/engine'
import { assert } from '@tallystick/money'
import { backendOf, cancelStatement, connect } from '@tallystick/postgres'

import type { FollowNews, FollowTask, FollowThreadData } from './follow-thread.ts'
import { Follower } from './follower.ts'
import { clear } from './position.ts'

assert(parentPort !== null)
stepBack()
const port = parentPort
const { config, ...place }: FollowThreadData = workerData
const stopping = new AbortController()
let through = place.through
let wake: (() => void) | undefined
/** Which process of PostgreSQL serves us. */
let backend: number | undefined
let isFinishing = false

const tell = (news: FollowNews): void => port.postMessage(news)

port.on('message', (task: FollowTask) => {
  if (task.kind === 'close') stop()
  else through = Math.max(through, task.through)
  wake?.()
})

/** A batch is soon written. Indexes may take minutes, and nobody who stops a server waits for them. */
function stop(): void {
  stopping.abort()
  if (isFinishing && backend !== undefined) void cancelStatement(config, backend)
}

async function run(): Promise<void> {
  const client = await connect(config, () => wake?.())
  backend = await backendOf(client)
  if (place.rebuild) await clear(client, through)
  const follower = await Follower.open({
    ...{ ...place, client, through },
    onPosition: (position) => {
      const { sequence, rebuildingUntil } = position
      isFinishing = rebuildingUntil > 0 && sequence >= rebuildingUntil
      tell({ kind: 'position', position })
    },
  })
  try {
    for (let done = 0; !stopping.signal.aborted;) {
      if (through > done) {
        const next = through
        await follower.follow(next, stopping.signal)
        done = next
        continue
      }
      await new Promise<void>((resolve) => (wake = resolve))
      // A connection that broke is found out before there is something to write.
      if (through === done) await client.query('select 1')
    }
  } finally {
    follower.close()
    await client.end().catch(() => undefined)
  }
}

run().then(
  () => port.close(),
  (error: unknown) => {
    tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) })
    port.close()
  },
)
