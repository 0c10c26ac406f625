/** Amounts between people and minor units: decimals with the asset's scale, digits in groups. */
import { type AssetName, formatDecimal, parseAsset, parseDecimal } from '@tallystick/money'
import { usageError } from '../failure.ts'

/** @throws CommandError unless it is like `EUR/2`. */
export function assetOf(text: string): AssetName {
  const asset = parseAsset(text)
  if (asset === undefined) {
    throw usageError(`"${text}" is no asset: write code, slash and decimals, like EUR/2.`)
  }
  return asset
}

/** 750000n of `EUR/2` is `7,500.00`. */
export function amountText(minor: bigint, asset: string): string {
  const { scale } = assetOf(asset)
  const text = formatDecimal(minor, scale)
  const [whole = '', fraction] = text.split('.')
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}

/** `7,500.00 EUR`. */
export function moneyText(minor: bigint, asset: string): string {
  return `${amountText(minor, asset)} ${assetOf(asset).code}`
}

/**
 * `25.00` of `EUR/2` is 2500n. Whole numbers are ambiguous where an asset has decimals (25 euro, or 25 cents?), so they
 * are refused unless `minor` says that they are minor units.
 */
export function amountOf(
  text: string,
  asset: string,
  options: { readonly minor: boolean },
): bigint {
  const { scale, code } = assetOf(asset)
  const isDecimal = text.includes('.')
  const amount = parseDecimal(text, options.minor ? 0 : scale)
  if (amount === undefined || amount < 0n || (options.minor && isDecimal)) {
    const example = formatDecimal(2500n, options.minor ? 0 : scale)
    throw usageError(`"${text}" is no amount of ${asset}: write it like ${example}.`)
  }
  if (!options.minor && scale > 0 && !isDecimal) {
    const decimal = `${text}.${'0'.repeat(scale)}`
    throw usageError(
      `"${text}" may be ${decimal} ${code} or ${formatDecimal(BigInt(text), scale)} ${code}: write ${decimal}, or give --minor for minor units.`,
    )
  }
  return amount
}

/** 49061 is `49,061`. */
export function countText(count: number | bigint): string {
  return count.toString().replaceAll(/\B(?=(\d{3})+$)/g, ',')
}
