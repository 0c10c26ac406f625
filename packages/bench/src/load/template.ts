/**
 * A request as bytes with places that change: made once, and filled in again and again without an object or a string.
 * Two copies take turns, so that the next request can be made while the last one is still being sent.
 */
import { assert } from '@tallystick/money'

/** Stands for one missing character: nothing that a request needs otherwise. */
const HOLE = '~'
const ZERO = 48
const HEX = Buffer.from('0123456789abcdef')

/** Marks a place of so many characters in a template's text. */
export function hole(length: number): string {
  return HOLE.repeat(length)
}

export class Template {
  /** Byte offset of each hole, in order. */
  readonly holes: readonly number[]
  readonly #copies: readonly [Buffer, Buffer]
  #turn = 0

  /** @param body each hole of it is followed by something else, so that holes do not touch. */
  constructor(head: readonly string[], body: string) {
    const length = head.some((line) => line.startsWith('GET '))
      ? []
      : [`content-length: ${body.length}`]
    const text = [...head, ...length, '', body].join('\r\n')
    assert(Buffer.byteLength(text) === text.length, 'templates are ASCII')
    this.holes = [...text.matchAll(/~+/g)].map(({ index }) => index)
    this.#copies = [Buffer.from(text), Buffer.from(text)]
  }

  /** The copy that was not sent last. */
  next(): Buffer {
    this.#turn ^= 1
    return this.#copies[this.#turn === 0 ? 0 : 1]
  }
}

/** Decimal digits with zeros in front. */
export function putDecimal(bytes: Buffer, at: number, digits: number, value: number): void {
  let rest = value
  for (let place = at + digits - 1; place >= at; place--) {
    const shorter = Math.floor(rest / 10)
    bytes[place] = ZERO + rest - shorter * 10
    rest = shorter
  }
}

/** Eight hexadecimal digits of a word. */
export function putHex(bytes: Buffer, at: number, word: number): void {
  for (let digit = 0; digit < 8; digit++) {
    bytes[at + digit] = HEX[(word >>> (28 - digit * 4)) & 15] ?? ZERO
  }
}

/** A u128 of four words, the lowest first, as UUID text of 36 characters. */
export function putUuid(bytes: Buffer, at: number, words: Uint32Array): void {
  const third = words[2] ?? 0
  const second = words[1] ?? 0
  putHex(bytes, at, words[3] ?? 0)
  bytes[at + 8] = DASH
  putHalf(bytes, at + 9, third >>> 16)
  bytes[at + 13] = DASH
  putHalf(bytes, at + 14, third & 0xffff)
  bytes[at + 18] = DASH
  putHalf(bytes, at + 19, second >>> 16)
  bytes[at + 23] = DASH
  putHalf(bytes, at + 24, second & 0xffff)
  putHex(bytes, at + 28, words[0] ?? 0)
}

const DASH = 45

function putHalf(bytes: Buffer, at: number, half: number): void {
  for (let digit = 0; digit < 4; digit++) {
    bytes[at + digit] = HEX[(half >>> (12 - digit * 4)) & 15] ?? ZERO
  }
}
