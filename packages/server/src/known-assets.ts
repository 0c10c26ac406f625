/** Assets by text and by number: those of ISO 4217, and those that the ledger registered. */
import type { LedgerReader } from '@tallystick/engine'
import { AssetRegistry, parseAsset, worldAddress } from '@tallystick/money'

import { Refused } from './http/refused.ts'

const { iso } = AssetRegistry

export class KnownAssets {
  readonly #reader: LedgerReader
  readonly #texts = new Map<number, string>()
  readonly #numbers = new Map<string, number>()
  readonly #worlds = new Map<string, string>()

  constructor(reader: LedgerReader) {
    this.#reader = reader
    for (const { number, code, scale } of iso.all()) this.#learn(number, `${code}/${scale}`)
  }

  /** undefined: there is no such asset. */
  find(text: string): number | undefined {
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    const number = this.#reader.assetNumber(text)
    if (number !== undefined) this.#learn(number, text)
    return number
  }

  /** @throws Refused `asset_not_found` */
  number(text: string, param: string): number {
    const number = this.find(text)
    if (number !== undefined) return number
    const detail = `${text} is neither in ISO 4217 nor registered.`
    throw new Refused({ code: 'asset_not_found', param, detail })
  }

  text(number: number): string {
    const known = this.#texts.get(number)
    if (known !== undefined) return known
    const name = this.#reader.assetName(number)
    // The machine does not ask whether a number was registered: packed batches may use any.
    if (name === undefined) return `NUMBER_${number}/0`
    this.#learn(number, name)
    return name
  }

  isBuiltIn(text: string): boolean {
    return iso.byText(text) !== undefined
  }

  /** Where money of an asset enters and leaves: `world:EUR-2`. */
  world(text: string): string {
    let address = this.#worlds.get(text)
    if (address === undefined) {
      address = worldAddress(parseAsset(text) ?? { code: 'X', scale: 0 })
      if (this.find(text) !== undefined) this.#worlds.set(text, address)
    }
    return address
  }

  #learn(number: number, text: string): void {
    this.#texts.set(number, text)
    this.#numbers.set(text, number)
  }
}
