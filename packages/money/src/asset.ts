/** What an asset is, and its one text form: code, slash, scale. `EUR/2` counts cents, `JPY/0` yen. */
import { assert } from './assert.ts'

export interface Asset {
  /** u32, stands for the asset inside the ledger: ISO 4217's number, or a registered one. */
  readonly number: number
  readonly code: string
  /** Decimal digits of one unit that an amount counts. */
  readonly scale: number
}

/** What a text says of an asset; whether there is such an asset is the registry's to know. */
export type AssetName = Pick<Asset, 'code' | 'scale'>

export const ASSET_NUMBER_MAX = 0xffff_ffff
export const ASSET_CODE_LENGTH_MAX = 17
/** An amount has 39 digits at most: a scale of 30 leaves a billion units. */
export const ASSET_SCALE_MAX = 30
/** Code, slash, two digits. */
export const ASSET_TEXT_LENGTH_MAX = ASSET_CODE_LENGTH_MAX + 3

// No leading zero in the scale: two spellings of one asset would be two keys in every map.
const ASSET = /^([A-Z][A-Z0-9_]{0,16})\/(0|[1-9]\d?)$/

export function parseAsset(text: string): AssetName | undefined {
  const [, code, digits] = ASSET.exec(text) ?? []
  if (code === undefined || digits === undefined) return undefined
  const scale = Number(digits)
  return scale <= ASSET_SCALE_MAX ? { code, scale } : undefined
}

export function formatAsset({ code, scale }: AssetName): string {
  return `${code}/${scale}`
}

/** The only constructor: what it returns can be written as text and read again. */
export function asset(number: number, name: AssetName): Asset {
  assert(Number.isInteger(number) && number > 0 && number <= ASSET_NUMBER_MAX, 'not a u32 above 0')
  assert(parseAsset(formatAsset(name)) !== undefined, 'code or scale of an asset is malformed')
  return Object.freeze({ number, code: name.code, scale: name.scale })
}
