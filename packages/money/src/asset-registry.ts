/**
 * Which assets there are: ISO 4217's, and those that were registered. A registry never changes; `with`
 * returns the next one, so that whoever holds one sees the same assets for as long as he holds it.
 */
import { assert } from './assert.ts'
import { asset, type Asset, ASSET_NUMBER_MAX, formatAsset, parseAsset } from './asset.ts'
import { ISO_ASSETS, REGISTERED_ASSET_NUMBER_MIN } from './iso-4217.ts'

export class AssetRegistry {
  /** ISO 4217 alone. `EUR/2` is built in; `EUR/4` is another asset and has to be registered. */
  static readonly iso = new AssetRegistry(
    new Map(ISO_ASSETS.map((each) => [each.number, each])),
    new Map(ISO_ASSETS.map((each) => [formatAsset(each), each])),
  )

  readonly #byNumber: ReadonlyMap<number, Asset>
  readonly #byText: ReadonlyMap<string, Asset>

  private constructor(byNumber: ReadonlyMap<number, Asset>, byText: ReadonlyMap<string, Asset>) {
    this.#byNumber = byNumber
    this.#byText = byText
  }

  byNumber(number: number): Asset | undefined {
    return this.#byNumber.get(number)
  }

  byText(text: string): Asset | undefined {
    return this.#byText.get(text)
  }

  /** Every asset, ISO 4217's first, then in order of registration. */
  all(): readonly Asset[] {
    return [...this.#byNumber.values()]
  }

  /** The first number that no asset has had; numbers are never given twice. */
  nextNumber(): number {
    let last = REGISTERED_ASSET_NUMBER_MIN - 1
    for (const number of this.#byNumber.keys()) last = Math.max(last, number)
    assert(last < ASSET_NUMBER_MAX, 'there is no asset number left')
    return last + 1
  }

  /** The asset that `text` would become if it were registered now; undefined: malformed or known. */
  propose(text: string): Asset | undefined {
    const name = parseAsset(text)
    if (name === undefined || this.#byText.has(text)) return undefined
    return asset(this.nextNumber(), name)
  }

  /** A registry that also knows `added`; whether that is allowed has been decided by the caller. */
  with(added: Asset): AssetRegistry {
    const text = formatAsset(added)
    assert(added.number >= REGISTERED_ASSET_NUMBER_MIN, 'numbers below 1000 belong to ISO 4217')
    assert(!this.#byNumber.has(added.number), 'this asset number is taken')
    assert(!this.#byText.has(text), 'this asset is registered')
    return new AssetRegistry(
      new Map(this.#byNumber).set(added.number, added),
      new Map(this.#byText).set(text, added),
    )
  }
}
