export {
  type Address,
  ADDRESS_LENGTH_MAX,
  ADDRESS_SEGMENT_LENGTH_MAX,
  ADDRESS_SEGMENTS_MAX,
  address,
  parseAddress,
  worldAddress,
} from './address.ts'
export { allocate } from './allocate.ts'
export { formatAmount, isAmount, parseAmount, U128_MAX } from './amount.ts'
export { assert, AssertionError } from './assert.ts'
export {
  type Asset,
  asset,
  ASSET_CODE_LENGTH_MAX,
  ASSET_NUMBER_MAX,
  ASSET_SCALE_MAX,
  ASSET_TEXT_LENGTH_MAX,
  type AssetName,
  formatAsset,
  parseAsset,
} from './asset.ts'
export { AssetRegistry } from './asset-registry.ts'
export type { Brand } from './brand.ts'
export { DECIMAL_LENGTH_MAX, formatDecimal, parseDecimal } from './decimal.ts'
export { ISO_ASSETS, REGISTERED_ASSET_NUMBER_MIN } from './iso-4217.ts'
export { minus, type Money, money, plus } from './money.ts'
