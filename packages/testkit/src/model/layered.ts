/**
 * A map in layers: what is written above hides what lies below until it is merged, or forgotten with its layer.
 * Values are never changed in place, so a layer that is dropped leaves no trace: that is how chains are undone.
 */
import { assert } from '@tallystick/money'

export class Layered<Key, Value> {
  readonly #below: Layered<Key, Value> | undefined
  readonly #own = new Map<Key, Value>()

  constructor(below?: Layered<Key, Value>) {
    this.#below = below
  }

  get(key: Key): Value | undefined {
    return this.#own.get(key) ?? this.#below?.get(key)
  }

  has(key: Key): boolean {
    return this.#own.has(key) || (this.#below?.has(key) ?? false)
  }

  set(key: Key, value: Value): void {
    this.#own.set(key, value)
  }

  all(): Map<Key, Value> {
    return new Map([...(this.#below?.all() ?? []), ...this.#own])
  }

  fork(): Layered<Key, Value> {
    return new Layered(this)
  }

  merge(): void {
    assert(this.#below !== undefined, 'the lowest layer has nothing to merge into')
    for (const [key, value] of this.#own) this.#below.set(key, value)
  }
}
