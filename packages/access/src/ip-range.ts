/** Ranges of client addresses that a key may be used from: `192.0.2.7`, `10.0.0.0/8`, `2001:db8::/32`. */

interface Parsed {
  readonly bits: bigint
  readonly width: 32 | 128
}

/** An IPv4 address that is written as IPv6 (`::ffff:192.0.2.7`) is the IPv4 address. */
function parseIp(text: string): Parsed | undefined {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(text)?.[1]
  const dotted = mapped ?? text
  return dotted.includes(':') ? parseV6(dotted) : parseV4(dotted)
}

function parseV4(text: string): Parsed | undefined {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  let bits = 0n
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined
    bits = (bits << 8n) | BigInt(part)
  }
  return { bits, width: 32 }
}

function parseV6(text: string): Parsed | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = 8 - head.length - tail.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...tail]
  let bits = 0n
  for (const group of groups) {
    if (!/^[0-9a-f]{1,4}$/i.test(group)) return undefined
    bits = (bits << 16n) | BigInt(`0x${group}`)
  }
  return { bits, width: 128 }
}

/** Whether `text` is a range: an address, with or without the length of its prefix. */
export function isIpRange(text: string): boolean {
  return parseRange(text) !== undefined
}

function parseRange(text: string): (Parsed & { readonly length: number }) | undefined {
  const [address = '', length, ...rest] = text.split('/')
  const ip = parseIp(address)
  if (ip === undefined || rest.length > 0) return undefined
  if (length === undefined) return { ...ip, length: ip.width }
  if (!/^(0|[1-9]\d{0,2})$/.test(length) || Number(length) > ip.width) return undefined
  return { ...ip, length: Number(length) }
}

/** Whether `text` is one address. */
export function isIpAddress(text: string): boolean {
  return parseIp(text) !== undefined
}

/** @param ranges of a key; none: from anywhere. An address that cannot be read is in no range. */
export function isInRanges(address: string, ranges: readonly string[]): boolean {
  return ranges.length === 0 || new IpRanges(ranges).has(address)
}

/** Ranges that are asked for often: read once. */
export class IpRanges {
  readonly #ranges: readonly (Parsed & { readonly length: number })[]

  constructor(ranges: readonly string[]) {
    this.#ranges = ranges.map(parseRange).filter((range) => range !== undefined)
  }

  get isEmpty(): boolean {
    return this.#ranges.length === 0
  }

  /** An address that cannot be read is in none. */
  has(address: string): boolean {
    const ip = parseIp(address)
    if (ip === undefined) return false
    return this.#ranges.some((range) => {
      if (range.width !== ip.width) return false
      const shift = BigInt(range.width - range.length)
      return ip.bits >> shift === range.bits >> shift
    })
  }
}
