/** Little-endian integers and texts as bytes, for what the other fixtures write field by field. */

/** A number of `size` bytes. */
export function le(size: number, value: bigint | number): Uint8Array {
  const bytes = new Uint8Array(size)
  let rest = BigInt(value)
  for (let at = 0; at < size; at++) {
    bytes[at] = Number(rest & 0xffn)
    rest >>= 8n
  }
  return bytes
}
export const u16 = (value: bigint | number): Uint8Array => le(2, value)
export const u32 = (value: bigint | number): Uint8Array => le(4, value)
export const u64 = (value: bigint | number): Uint8Array => le(8, value)
export const u128 = (value: bigint | number): Uint8Array => le(16, value)
export const text = (value: string): Uint8Array => new TextEncoder().encode(value)

/** Parts that are undefined are left out. */
export function join(...parts: readonly (Uint8Array | undefined)[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts.filter((part) => part !== undefined)))
}

/** With zeros to a multiple of eight. */
export function padded(bytes: Uint8Array): Uint8Array {
  return join(bytes, new Uint8Array(-bytes.length & 7))
}
