/**
 * A packed batch as one HTTP request, laid out so that its commands can be written through words: the body begins at a
 * multiple of 8 in its buffer, the headers end right before it.
 */
import { BATCH_HEADER_BYTES, COMMAND_BYTES } from '@tallystick/contract'

import { hole } from './template.ts'
import { BATCHES, head, KEY_LENGTH, PACKED_BODY } from './maker.ts'
import type { LoadSpec } from './spec.ts'

const MAGIC = 0x31425354

/** Where the commands' fields are, in words of 32 bits and of 16. */
export const COMMAND_WORDS = COMMAND_BYTES / 4

export class PackedForm {
  /** Headers and body: what is sent. */
  readonly request: Buffer
  /** The request from the first command on; 32 words each. */
  readonly words: Uint32Array
  /** The same, 64 of 16 bits each. */
  readonly halves: Uint16Array
  /** The data area. */
  readonly data: Buffer
  /** Offset of the idempotency key in `request`. */
  readonly keyAt: number
  readonly count: number

  constructor(spec: LoadSpec, count: number, dataLength: number) {
    const bodyLength = BATCH_HEADER_BYTES + count * COMMAND_BYTES + dataLength
    const key = `idempotency-key: ${hole(KEY_LENGTH)}`
    const lines = head(spec, BATCHES, [PACKED_BODY, key, `content-length: ${bodyLength}`, '', ''])
    const text = lines.join('\r\n')
    const bodyAt = (text.length + 7) & ~7
    const memory = new ArrayBuffer(bodyAt + bodyLength)
    this.request = Buffer.from(memory, bodyAt - text.length)
    this.request.write(text, 0, 'latin1')
    this.keyAt = text.indexOf(hole(KEY_LENGTH))
    const header = new Uint32Array(memory, bodyAt, BATCH_HEADER_BYTES / 4)
    header.set([MAGIC, count, dataLength])
    const commandsAt = bodyAt + BATCH_HEADER_BYTES
    this.words = new Uint32Array(memory, commandsAt, count * COMMAND_WORDS)
    this.halves = new Uint16Array(memory, commandsAt, count * COMMAND_WORDS * 2)
    this.data = Buffer.from(memory, commandsAt + count * COMMAND_BYTES)
    this.count = count
  }

  /** The body alone. */
  get body(): Buffer {
    const length = BATCH_HEADER_BYTES + this.words.byteLength + this.data.length
    return this.request.subarray(this.request.length - length)
  }
}
