/** Bytes as letters and digits: what a key is made of. */
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** As many characters as hold every value of that many bytes. */
export function base62(bytes: Buffer): string {
  let number = BigInt(`0x${bytes.toString('hex')}`)
  let text = ''
  while (text.length < Math.ceil((bytes.length * 8) / Math.log2(62))) {
    text = BASE62.charAt(Number(number % 62n)) + text
    number /= 62n
  }
  return text
}
