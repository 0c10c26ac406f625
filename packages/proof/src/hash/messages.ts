/** Parts of the messages that are hashed many at a time. */

/** Four ASCII characters that name a form. */
export function putTag(bytes: Uint8Array, at: number, tag: string): void {
  for (let index = 0; index < 4; index++) bytes[at + index] = tag.charCodeAt(index)
}

/** The padding of SHA-256 (FIPS 180-4, section 5.1.1) behind a message of `length` bytes that begins at `at`. */
export function putPadding(bytes: Uint8Array, at: number, length: number): void {
  const end = at + (Math.floor((length + 8) / 64) + 1) * 64
  bytes.fill(0, at + length, end)
  bytes[at + length] = 0x80
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(end - 4, length * 8, false)
}
