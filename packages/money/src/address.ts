/** Account addresses: names that people choose, like `users:1042:wallet`. */
import { assert } from './assert.ts'
import type { AssetName } from './asset.ts'
import type { Brand } from './brand.ts'

export type Address = Brand<string, 'Address'>

/** ASCII, so bytes and characters are the same. */
export const ADDRESS_LENGTH_MAX = 255
export const ADDRESS_SEGMENTS_MAX = 16
export const ADDRESS_SEGMENT_LENGTH_MAX = 64

const SEGMENT = /^[A-Za-z0-9_.-]{1,64}$/

export function parseAddress(text: string): Address | undefined {
  if (text.length > ADDRESS_LENGTH_MAX) return undefined
  const segments = text.split(':')
  if (segments.length > ADDRESS_SEGMENTS_MAX) return undefined
  if (!segments.every((segment) => SEGMENT.test(segment))) return undefined
  // As the whole of a path segment, every HTTP client would resolve these two away.
  if (text === '.' || text === '..') return undefined
  return text as Address
}

/** For addresses that the program itself writes; text from outside goes through `parseAddress`. */
export function address(text: string): Address {
  const parsed = parseAddress(text)
  assert(parsed !== undefined, 'not an address')
  return parsed
}

/** Where money of an asset enters and leaves the ledger: `world:EUR-2`. A slash would end a URL's segment. */
export function worldAddress({ code, scale }: AssetName): Address {
  return address(`world:${code}-${scale}`)
}
