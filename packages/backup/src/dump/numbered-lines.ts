/** Lines of a stream of bytes, with their numbers. A line that is too long, is no UTF-8 or does not end is refused. */
import { Malformed } from '../fields.ts'

export interface NumberedLine {
  /** From 1. */
  readonly number: number
  readonly text: string
  /** Nothing follows. */
  readonly isLast: boolean
}

/** A request of the largest size, each byte of its body written with six. */
const LINE_BYTES_MAX = 16 * 1024 * 1024

const NEWLINE = 0x0a

/** @throws Malformed, and what the stream throws. */
export async function* numberedLines(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<NumberedLine> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let rest = Buffer.alloc(0)
  let number = 0
  let before: Buffer | undefined
  const decoded = (line: Buffer, isLast: boolean): NumberedLine => {
    number++
    try {
      return { number, text: decoder.decode(line), isLast }
    } catch {
      throw new Malformed(`line ${number} is no UTF-8`)
    }
  }
  for await (const chunk of bytes) {
    const block = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk])
    let from = 0
    for (let end = block.indexOf(NEWLINE); end >= 0; end = block.indexOf(NEWLINE, from)) {
      if (before !== undefined) yield decoded(before, false)
      before = block.subarray(from, end)
      from = end + 1
    }
    rest = block.subarray(from)
    if (rest.length > LINE_BYTES_MAX) throw new Malformed(`line ${number + 2} is too long`)
  }
  if (rest.length > 0) throw new Malformed('the last line does not end')
  if (before !== undefined) yield decoded(before, true)
}
