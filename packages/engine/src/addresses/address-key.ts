/**
 * Addresses as keys that compare word by word. The colon sorts before everything else, so that an account is followed by
 * all that lies below it (`users:10`, `users:10:wallet`, `users:100`), and every subtree is one stretch.
 */
import { ADDRESS_BYTES_MAX } from '@tallystick/ledger'

import type { AddressSource } from './address-source.ts'

/** Room for the longest address and one more byte for a bound behind it. */
export const KEY_WORDS = Math.ceil((ADDRESS_BYTES_MAX + 2) / 4) + 1

const COLON = 0x3a
/** What the colon becomes: below every printable character, above the zeros behind the end. */
const COLON_KEY = 1
/** Directly behind everything that begins with a colon. */
export const BEHIND_COLON = 2
/** Behind every character. */
export const BEHIND_ALL = 0xff

/** Where a key lies: `KEY_WORDS` words of some memory. */
export interface Key {
  readonly words: Uint32Array
  /** Index of the first. */
  readonly at: number
}

/** A new key, all zeros: the empty address. */
export function emptyKey(): Key {
  return { words: new Uint32Array(KEY_WORDS), at: 0 }
}

/** Writes the key of the first `length` bytes. */
export function packKey(bytes: Uint8Array, length: number, { words, at }: Key): void {
  const end = (length + 3) >>> 2
  for (let word = 0; word < end; word++) {
    const byte = word * 4
    words[at + word] =
      (keyByte(bytes, byte, length) << 24) |
      (keyByte(bytes, byte + 1, length) << 16) |
      (keyByte(bytes, byte + 2, length) << 8) |
      keyByte(bytes, byte + 3, length)
  }
  // A zero word ends a key whose length is a multiple of 4; what lies behind is never read.
  words[at + end] = 0
}

function keyByte(bytes: Uint8Array, at: number, length: number): number {
  if (at >= length) return 0
  const byte = bytes[at] ?? 0
  return byte === COLON ? COLON_KEY : byte
}

/** Adds a byte behind the end of a key of `length` bytes. */
export function appendToKey({ words, at }: Key, length: number, byte: number): void {
  const word = at + (length >>> 2)
  words[word] = (words[word] ?? 0) | (byte << (24 - (length & 3) * 8))
  if ((length & 3) === 3) words[word + 1] = 0
}

/** Negative, zero or positive. */
export function compareKeys(a: Key, b: Key): number {
  for (let word = 0; word < KEY_WORDS; word++) {
    const left = a.words[a.at + word] ?? 0
    const difference = left - (b.words[b.at + word] ?? 0)
    if (difference !== 0) return difference
    // Every key ends in a zero byte.
    if ((left & 0xff) === 0) return 0
  }
  return 0
}

/** Reads keys of accounts. */
export class KeyReader {
  readonly #source: AddressSource
  readonly #bytes = new Uint8Array(ADDRESS_BYTES_MAX + 1)

  constructor(source: AddressSource) {
    this.#source = source
  }

  /** Writes the account's key; returns the length of its address. */
  read(slot: number, into: Key): number {
    const length = this.#source.readAddress(slot, this.#bytes)
    packKey(this.#bytes, length, into)
    return length
  }

  /** Length of the address. */
  length(slot: number): number {
    return this.#source.readAddress(slot, this.#bytes)
  }
}
