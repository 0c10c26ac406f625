/** The statements about all accounts that are in the tree, in order of sequence: 64 bytes of memory for each, read from their file once, and decoded where one is asked for. */
import { type AccountsRoot, decodeRoot, ROOT_BYTES } from './accounts-root.ts'

/** Reads statements of the file from number `from` on, up to `to`; undefined: there are fewer. */
export type ReadRoots = (from: number, to: number) => Uint8Array | undefined

const FIRST_ROOTS = 64

export class RootList implements Iterable<AccountsRoot> {
  readonly #read: ReadRoots
  #bytes = new Uint8Array(FIRST_ROOTS * ROOT_BYTES)
  #length = 0

  constructor(read: ReadRoots) {
    this.#read = read
  }

  get length(): number {
    return this.#length
  }

  /** @param index from 0; below 0: from the end. @returns undefined: there are fewer. */
  at(index: number): AccountsRoot | undefined {
    const place = index < 0 ? this.#length + index : index
    if (place < 0 || place >= this.#length) return undefined
    return decodeRoot(this.#bytes.subarray(place * ROOT_BYTES, (place + 1) * ROOT_BYTES))
  }

  /** Index of the first of which it is true, when it is true of all behind it; the length: there is none. */
  search(isTrue: (root: AccountsRoot) => boolean): number {
    let [low, high] = [0, this.#length]
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if (isTrue(this.at(middle) as AccountsRoot)) high = middle
      else low = middle + 1
    }
    return low
  }

  *[Symbol.iterator](): Iterator<AccountsRoot> {
    for (let index = 0; index < this.#length; index++) yield this.at(index) as AccountsRoot
  }

  /** There are so many in the file now; where it has fewer, those that it has are known still. */
  grow(count: number): void {
    if (count <= this.#length) return
    const news = this.#read(this.#length, count)
    if (news === undefined) return
    if (count * ROOT_BYTES > this.#bytes.length) {
      const grown = new Uint8Array(2 * count * ROOT_BYTES)
      grown.set(this.#bytes)
      this.#bytes = grown
    }
    this.#bytes.set(news, this.#length * ROOT_BYTES)
    this.#length = count
  }

  /** The file is made again: nothing that was read of it is believed. */
  clear(): void {
    this.#length = 0
  }
}
