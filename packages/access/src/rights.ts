/** What the grants of a principal come to: for each scope the addresses that it reaches. Made once, and anew when something changed. */
import { AddressPatterns } from './address-pattern.ts'

export class Rights {
  readonly #scopes: ReadonlyMap<string, AddressPatterns>

  constructor(grants: Iterable<{ scopes: Iterable<string>; addresses: readonly string[] }>) {
    const compiled = new Map<string, AddressPatterns>()
    for (const { scopes, addresses } of grants) {
      for (const scope of scopes) {
        const patterns = compiled.get(scope) ?? new AddressPatterns()
        for (const pattern of addresses) patterns.add(pattern)
        compiled.set(scope, patterns)
      }
    }
    this.#scopes = compiled
  }

  /** Somewhere. */
  has(scope: string): boolean {
    return this.#scopes.has(scope)
  }
  /** On every address there is. */
  hasEverywhere(scope: string): boolean {
    return this.#scopes.get(scope)?.all === true
  }
  hasAt(scope: string, address: string): boolean {
    return this.#scopes.get(scope)?.covers(address) === true
  }
  /** On that address and all below it. */
  hasBelow(scope: string, prefix: string): boolean {
    return this.#scopes.get(scope)?.coversBelow(prefix) === true
  }
}
