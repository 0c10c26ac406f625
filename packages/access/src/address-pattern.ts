/** Which addresses a grant reaches: `*` all, `partners:acme:*` that address and all below it, `partners:acme` that one. */

const SEGMENT = /^[A-Za-z0-9_.-]{1,64}$/
const ADDRESS_LENGTH_MAX = 255
const SEGMENTS_MAX = 16

export function isAddressPattern(text: string): boolean {
  if (text === '*') return true
  const address = text.endsWith(':*') ? text.slice(0, -2) : text
  if (address.length > ADDRESS_LENGTH_MAX) return false
  const segments = address.split(':')
  return segments.length <= SEGMENTS_MAX && segments.every((segment) => SEGMENT.test(segment))
}

/** Patterns of many grants as two sets: a look-up costs as many steps as an address has segments, however many grants there are. */
export class AddressPatterns {
  readonly #exact = new Set<string>()
  readonly #below = new Set<string>()
  #all = false

  add(pattern: string): void {
    if (pattern === '*') this.#all = true
    else if (pattern.endsWith(':*')) this.#below.add(pattern.slice(0, -2))
    else this.#exact.add(pattern)
  }

  get all(): boolean {
    return this.#all
  }

  list(): string[] {
    if (this.#all) return ['*']
    return [...this.#exact, ...[...this.#below].map((prefix) => `${prefix}:*`)].sort()
  }

  /** The patterns of both that the other one covers: together, what both reach. */
  shared(other: AddressPatterns): string[] {
    const mine = this.list().filter((pattern) => other.#coversAll(pattern))
    return [...new Set([...mine, ...other.list().filter((pattern) => this.#coversAll(pattern))])]
  }

  #coversAll(pattern: string): boolean {
    if (pattern === '*') return this.#all
    return pattern.endsWith(':*') ? this.coversBelow(pattern.slice(0, -2)) : this.covers(pattern)
  }

  covers(address: string): boolean {
    return this.#all || this.#exact.has(address) || this.coversBelow(address)
  }

  /** That address and everything below it. */
  coversBelow(prefix: string): boolean {
    if (this.#all) return true
    if (this.#below.size === 0) return false
    for (let end = prefix.length; end > 0; end = prefix.lastIndexOf(':', end - 1)) {
      if (this.#below.has(prefix.slice(0, end))) return true
    }
    return false
  }
}
