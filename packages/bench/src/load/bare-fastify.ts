/**
 * Bare Fastify: the same framework, given the same requests, answering the same bytes. It reads the body (JSON is parsed) and knows
 * nothing else: what a server on it cannot beat.
 */
import Fastify, { type FastifyInstance } from 'fastify'

import { MediaType } from '@tallystick/contract'

export interface BareAnswer {
  readonly status: number
  readonly body: Uint8Array
  readonly mediaType: string
}

export interface BareServer {
  readonly port: number
  close(): Promise<void>
}

const BODY_BYTES_MAX = 8 * 1024 * 1024

export async function startBareFastify(answer: BareAnswer): Promise<BareServer> {
  const app: FastifyInstance = Fastify({ bodyLimit: BODY_BYTES_MAX })
  app.addContentTypeParser(MediaType.batch, { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  )
  const isJson = answer.mediaType === MediaType.json
  const body = isJson ? Buffer.from(answer.body).toString() : Buffer.from(answer.body)
  app.all('/*', (_request, reply) => reply.code(answer.status).type(answer.mediaType).send(body))
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  return { port: Number(new URL(url).port), close: () => app.close() }
}
