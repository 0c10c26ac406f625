/** Single questions to the server that is measured, and the wait until its proof log has caught up. */
import { setTimeout as sleep } from 'node:timers/promises'

import type { Rig } from './rig.ts'

const CAUGHT_UP_POLL_MS = 100

/** How far the proof log is, as the server says it. */
export interface LogState {
  readonly events: string
  readonly signed: string
}

/** Returns once all that was written is in the log and signed. */
export async function caughtUp(rig: Rig): Promise<void> {
  for (;;) {
    const { events, signed } = await ask<LogState>(rig, '/v1/log')
    if (events === signed) return
    await sleep(CAUGHT_UP_POLL_MS)
  }
}

export async function ask<Answer>(rig: Rig, path: string): Promise<Answer> {
  return (await (await get(rig, path)).json()) as Answer
}

export function get({ server: { port, rootKey } }: Rig, path: string): Promise<Response> {
  const headers = { authorization: `Bearer ${rootKey}` }
  return fetch(`http://127.0.0.1:${port}${path}`, { headers })
}
