/** Receivers of webhooks for tests. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

import type { LedgerEvent } from '@tallystick/contract'
import { onTestFinished } from 'vitest'

export interface Hit {
  readonly headers: Record<string, string>
  readonly body: string
}

const PATIENCE_MS = 20_000
/** Servers that deliver to this machine, and try again soon. */
export const QUICK = { webhooksAllowPrivate: true, webhookScheduleMs: [0, 20, 20] }

/** A receiver that answers as it is told to. */
export class Receiver {
  readonly hits: Hit[] = []
  url = ''
  /** undefined: no answer at all. */
  status: (hit: Hit, count: number) => number | undefined = () => 204

  static async start(): Promise<Receiver> {
    const receiver = new Receiver()
    const server = createServer((request, response) => {
      void receiver.#hear(request, response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
    return receiver
  }

  async #hear(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const hit = { headers: request.headers as Record<string, string>, body: await textOf(request) }
    this.hits.push(hit)
    const status = this.status(hit, this.hits.length)
    if (status !== undefined) response.writeHead(status, { location: '/elsewhere' }).end('ok')
  }

  get events(): LedgerEvent[] {
    return this.hits.map(({ body }) => JSON.parse(body) as LedgerEvent)
  }

  until(count: number): Promise<void> {
    return until(() => this.hits.length >= count, `${count} hits`)
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const piece of request.setEncoding('utf8')) text += piece
  return text
}

export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = performance.now() + PATIENCE_MS
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`it never came to ${what}`)
    await sleep(5)
  }
}
