/**
 * What a prefix stands for: `users:1042` is that account and all below it; `users:` is all below `users`; `users:10*` is every
 * address that begins with these characters; the empty prefix is everything.
 */
import { ADDRESS_BYTES_MAX } from '@tallystick/ledger'

import {
  appendToKey,
  BEHIND_ALL,
  BEHIND_COLON,
  compareKeys,
  emptyKey,
  type Key,
  type KeyReader,
  packKey,
} from './address-key.ts'

/** A stretch of the order of addresses. */
export interface PrefixRange {
  /** The first key in question. */
  readonly first: Key
  /** The first key behind it. */
  readonly end: Key
}

/** undefined: no address can have that prefix. */
export function prefixRange(prefix: string): PrefixRange | undefined {
  const text = prefix.endsWith('*') ? prefix.slice(0, -1) : prefix
  if (text.length > ADDRESS_BYTES_MAX || !/^[\x21-\x7e]*$/.test(text)) return undefined
  const plain = text === '' || text !== prefix || text.endsWith(':')
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0))
  const first = emptyKey()
  const end = emptyKey()
  packKey(bytes, bytes.length, first)
  packKey(bytes, bytes.length, end)
  appendToKey(end, bytes.length, plain ? BEHIND_ALL : BEHIND_COLON)
  return { first, end }
}

/** How many accounts of a run come before a bound: those with a smaller key, and those with that key up to `slot`. */
export function rankOf(
  run: Uint32Array,
  bound: { readonly key: Key; readonly slot: number },
  reader: KeyReader,
): number {
  const key = emptyKey()
  let low = 0
  let high = run.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const slot = run[middle] ?? 0
    reader.read(slot, key)
    const order = compareKeys(key, bound.key)
    if (order < 0 || (order === 0 && slot <= bound.slot)) low = middle + 1
    else high = middle
  }
  return low
}
