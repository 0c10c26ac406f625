/**
 * The frames of the file of personal data beside the journal, as far as one can tell them without reading what is in them: where it lies, where each
 * begins and ends, and whether it is whole. Who writes and reads them owns the rest.
 *
 *   frame:  0 `TPF1` · 4 CRC-32 of bytes 8 … end · 8 length of the frame u32 · …
 */
import { crc32 } from 'node:zlib'

export const PRIVATE_FRAME_MAGIC = 0x31_46_50_54
export const PRIVATE_FRAME_HEAD_BYTES = 16

const FILE_NAME = '0000000001.private'

/** Where personal data lies in a data directory. */
export function privateDirectory(directory: string): string {
  return `${directory}/private`
}

/** @param directory of personal data. */
export function privateFile(directory: string): string {
  return `${directory}/${FILE_NAME}`
}

/** Bytes of the frame that begins with these at least 12 bytes; undefined: none does. */
export function privateFrameBytes(head: Buffer): number | undefined {
  const length = head.readUInt32LE(8)
  const isHead = head.readUInt32LE(0) === PRIVATE_FRAME_MAGIC
  return isHead && length >= PRIVATE_FRAME_HEAD_BYTES ? length : undefined
}

export function isWholePrivateFrame(frame: Buffer): boolean {
  return crc32(frame.subarray(8)) === frame.readUInt32LE(4)
}

/** How many of the first bytes are whole frames: what is behind them is being written, or was never finished. */
export function wholePrivateFrames(bytes: Buffer): number {
  let end = 0
  while (end + PRIVATE_FRAME_HEAD_BYTES <= bytes.length) {
    const length = privateFrameBytes(bytes.subarray(end)) ?? 0
    if (length === 0 || end + length > bytes.length) break
    if (!isWholePrivateFrame(bytes.subarray(end, end + length))) break
    end += length
  }
  return end
}
