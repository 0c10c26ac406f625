/** What the grants of a principal come to: for each scope the addresses that it reaches. Made once, and anew when something changed. */
import { AddressPatterns } from './address-pattern.ts'

export class Rights {
  readonly #scopes: ReadonlyMap<string, AddressPatterns>
  readonly #any = new AddressPatterns()

  constructor(grants: Iterable<{ scopes: Iterable<string>; addresses: readonly string[] }>) {
    const compiled = new Map<string, AddressPatterns>()
    for (const { scopes, addresses } of grants) {
      for (const scope of scopes) {
        const patterns = compiled.get(scope) ?? new AddressPatterns()
        for (const pattern of addresses) {
          patterns.add(pattern)
          this.#any.add(pattern)
        }
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
  /** Whether any right at all reaches the address. */
  reaches(address: string): boolean {
    return this.#any.covers(address)
  }
  /** What both allow: each right on the addresses that both have it on. */
  sharedWith(other: Rights): Rights {
    const shared: { scopes: string[]; addresses: string[] }[] = []
    for (const [scope, patterns] of this.#scopes) {
      const others = other.#scopes.get(scope)
      const addresses = others === undefined ? [] : patterns.shared(others)
      if (addresses.length > 0) shared.push({ scopes: [scope], addresses })
    }
    return new Rights(shared)
  }

  /** Each scope with the patterns that it reaches, in order. */
  list(): { readonly scope: string; readonly addresses: readonly string[] }[] {
    const rows = [...this.#scopes].map(([scope, patterns]) => ({
      scope,
      addresses: patterns.list(),
    }))
    return rows.sort((a, b) => (a.scope < b.scope ? -1 : 1))
  }
  /** On that address and all below it. */
  hasBelow(scope: string, prefix: string): boolean {
    return this.#scopes.get(scope)?.coversBelow(prefix) === true
  }
}
