/** The running digest over everything that was decided: two lanes of 32 bits. */
import type { Decision } from '@tallystick/scenario'

export interface Digest {
  readonly a: number
  readonly b: number
}

export const DIGEST_START: Digest = { a: 0x7a11, b: 0x571c }

export function fold(digest: Digest, decision: Decision): Digest {
  const words = [decision.operation | (decision.status << 8)]
  words.push(Number(decision.sequence & 0xffff_ffffn))
  return words.reduce(foldWord, foldWords(digest, decision.id))
}

/** Folds 128 bits in, the lowest word first. */
export function foldWords(digest: Digest, wide: bigint): Digest {
  const words = [0n, 32n, 64n, 96n].map((shift) => Number((wide >> shift) & 0xffff_ffffn))
  return words.reduce(foldWord, digest)
}

const foldWord = ({ a, b }: Digest, word: number): Digest => ({
  a: Math.imul(rotateLeft(a ^ word, 13), 0x9e3779b1),
  b: Math.imul((rotateLeft(b, 7) + word) | 0, 0x85ebca77),
})

const rotateLeft = (word: number, by: number): number => (word << by) | (word >>> (32 - by))
