/** The thread that follows. It ends at the first failure: whoever started it starts it again, and the tables say where to go on. */
import { parentPort, workerData } from 'node:worker_threads'

import { stepBack } from '@tallystick/engine'
import { assert } from '@tallystick/money'
import { connect } from '@tallystick/postgres'

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

const tell = (news: FollowNews): void => port.postMessage(news)

port.on('message', (task: FollowTask) => {
  if (task.kind === 'close') stopping.abort()
  else through = Math.max(through, task.through)
  wake?.()
})

async function run(): Promise<void> {
  const client = await connect(config, () => wake?.())
  if (place.rebuild) await clear(client, through)
  const follower = await Follower.open({
    ...{ ...place, client, through },
    onPosition: (position) => tell({ kind: 'position', position }),
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
