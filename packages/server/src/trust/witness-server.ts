/** A witness as a server that others can run: HTTP in front of `Witness`, its key and its records in one directory. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { join } from 'node:path'

import { ADD_CHECKPOINT_BYTES_MAX, Witness } from '@tallystick/proof'
import { sha256, SignatureType, type VerifierKey } from '@tallystick/verify'

import { HEADERS_MS_MAX, KEEP_ALIVE_MS_MAX, REQUEST_MS_MAX } from '../limits.ts'
import type { Listen } from '../start/setting.ts'
import { openKeyDirectory, openKeyFile } from './key-file.ts'
import { RecordFile } from './record-file.ts'

const KEY_NAME = 'witness.key'
const CONNECTIONS_MAX = 1_024

export interface WitnessServerOptions {
  /** Made at the first start: `witness.key`, and a record for each log. */
  readonly directory: string
  /** Of the witness' key. */
  readonly name: string
  /** Of the logs that are witnessed. */
  readonly logKeys: readonly VerifierKey[]
  /** Port 0: any that is free. */
  readonly listen: Listen
  /** A log has signed what does not fit to what was cosigned. */
  readonly onAlarm: (sentence: string) => void
  /** A request could not be answered: the disk, or a damaged record. */
  readonly onFailure: (error: unknown) => void
}

export interface RunningWitness {
  /** The submission prefix. */
  readonly url: string
  /** What logs and readers are configured with. */
  readonly vkey: string
  /** Answers what was asked, then ends. */
  readonly close: () => Promise<void>
}

/** @throws StartRefused, and what listening fails with. */
export async function startWitness(options: WitnessServerOptions): Promise<RunningWitness> {
  const { directory, name, logKeys, listen } = options
  openKeyDirectory(directory)
  const key = openKeyFile(join(directory, KEY_NAME), { name, type: SignatureType.cosignature })
  const witness = new Witness({
    key,
    logKeys,
    storeOf: (origin) => new RecordFile(join(directory, recordName(origin))),
    now: () => BigInt(Math.floor(Date.now() / 1_000)),
  })
  const server = createServer(
    {
      headersTimeout: HEADERS_MS_MAX,
      requestTimeout: REQUEST_MS_MAX,
      keepAliveTimeout: KEEP_ALIVE_MS_MAX,
    },
    (request, response) => {
      void answer({ witness, options }, request, response)
    },
  )
  server.maxConnections = CONNECTIONS_MAX
  server.listen(listen.port, listen.host)
  await once(server, 'listening')
  return { url: urlOf(server), vkey: key.vkey, close: () => closeOf(server) }
}

interface Serving {
  readonly witness: Witness
  readonly options: WitnessServerOptions
}

async function answer(
  { witness, options }: Serving,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.url !== '/add-checkpoint') {
    return send(
      response,
      404,
      'This is a witness: POST /add-checkpoint, see c2sp.org/tlog-witness.',
    )
  }
  if (request.method !== 'POST') {
    response.setHeader('allow', 'POST')
    return send(response, 405, 'Use POST.')
  }
  try {
    const body = await bodyOf(request)
    if (body === undefined) {
      response.setHeader('connection', 'close')
      return send(response, 413, `The request has more than ${ADD_CHECKPOINT_BYTES_MAX} bytes.`)
    }
    const answered = await witness.addCheckpoint(body)
    if (answered.alarm !== undefined) options.onAlarm(answered.alarm)
    response.setHeader('content-type', answered.contentType)
    response.writeHead(answered.status).end(answered.body)
  } catch (error) {
    // A client that went away has not failed here.
    if (request.destroyed && !request.complete) return
    options.onFailure(error)
    send(response, 500, 'Nothing was cosigned: ask again later.')
  }
}

function send(response: ServerResponse, status: number, sentence: string): void {
  response.setHeader('content-type', 'text/plain; charset=utf-8')
  response.writeHead(status).end(`${sentence}\n`)
}

/** @returns undefined when there is more than may be. */
async function bodyOf(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > ADD_CHECKPOINT_BYTES_MAX) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Origins may have any characters and any length; the record says in full whose it is. */
function recordName(origin: string): string {
  return `${sha256(new TextEncoder().encode(origin)).toHex()}.json`
}

function urlOf(server: Server): string {
  const address = server.address()
  if (address === null || typeof address === 'string')
    throw new Error('the witness does not listen')
  const { family, address: host, port } = address
  return `http://${family === 'IPv6' ? `[${host}]` : host}:${port}`
}

async function closeOf(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeIdleConnections()
  await closed
}
