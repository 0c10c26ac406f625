/**
 * Answers of HTTP/1.1 from the bytes of a connection on which one request is in flight: no more than a load needs to
 * know, so that the client stays cheap.
 */

export interface Answer {
  readonly status: number
  /** Valid until control returns to the event loop. */
  readonly body: Buffer
}

const HEAD_END = Buffer.from('\r\n\r\n')
const LAST_CHUNK = Buffer.from('0\r\n\r\n')

export class AnswerReader {
  #held: Buffer | undefined

  /** The answer, once all of it is there. */
  push(chunk: Buffer): Answer | undefined {
    const bytes = this.#held === undefined ? chunk : Buffer.concat([this.#held, chunk])
    const answer = parse(bytes)
    this.#held = answer === undefined ? bytes : undefined
    return answer
  }
}

function parse(bytes: Buffer): Answer | undefined {
  const headEnd = bytes.indexOf(HEAD_END)
  if (headEnd < 0) return undefined
  const head = bytes.toString('latin1', 0, headEnd)
  const status = Number(head.slice(9, 12))
  const from = headEnd + HEAD_END.length
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (length !== undefined) {
    const end = from + Number(length)
    if (bytes.length > end) throw new Error('more bytes than the answer has')
    return bytes.length < end ? undefined : { status, body: bytes.subarray(from, end) }
  }
  if (/\r\ntransfer-encoding: *chunked/i.test(head))
    return parseChunked(status, bytes.subarray(from))
  return { status, body: bytes.subarray(from) }
}

function parseChunked(status: number, bytes: Buffer): Answer | undefined {
  if (!bytes.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK)) return undefined
  const parts: Buffer[] = []
  let at = 0
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    const length = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    const from = lineEnd + 2
    // What looked like the end may lie inside of a chunk that is not whole yet.
    if (lineEnd < 0 || from + length + 2 > bytes.length) return undefined
    if (length === 0) return { status, body: Buffer.concat(parts) }
    parts.push(bytes.subarray(from, from + length))
    at = from + length + 2
  }
}
