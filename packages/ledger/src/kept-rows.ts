/** Rows of one table as they were when a cut was made, kept from their first change until their page was copied. */

/** Rows are kept in chunks of so many 64-bit limbs: 1 MiB. */
const CHUNK_LIMBS = 131_072
const NONE = -1

export class KeptRows {
  readonly #limbs: number
  readonly #rowsPerPage: number
  readonly #rowsPerChunk: number
  /** A bit for each row of the cut: kept already. */
  readonly #seen: Uint32Array
  /** Per page the kept row that was added last. */
  readonly #heads: Int32Array
  /** Per kept row: which row it is, and the one that was kept before it in its page. */
  #rows = new Uint32Array(1_024)
  #next = new Int32Array(1_024)
  readonly #chunks: BigUint64Array[] = []
  count = 0

  /** @param options.limbs 64-bit limbs of a row. */
  constructor(options: { rows: number; rowsPerPage: number; limbs: number }) {
    this.#limbs = options.limbs
    this.#rowsPerPage = options.rowsPerPage
    this.#rowsPerChunk = CHUNK_LIMBS / options.limbs
    this.#seen = new Uint32Array(Math.ceil(options.rows / 32))
    this.#heads = new Int32Array(Math.ceil(options.rows / options.rowsPerPage)).fill(NONE)
  }

  /** Keeps the row whose limbs begin at `at` of `chunk`, unless it was kept before or is younger than the cut. */
  keep(row: number, chunk: BigUint64Array, at: number): void {
    const seen = this.#seen[row >>> 5]
    if (seen === undefined || (seen & (1 << (row & 31))) !== 0) return
    this.#seen[row >>> 5] = seen | (1 << (row & 31))
    const page = Math.floor(row / this.#rowsPerPage)
    const kept = this.count++
    if (kept === this.#rows.length) this.#widen()
    this.#rows[kept] = row
    this.#next[kept] = this.#heads[page] as number
    this.#heads[page] = kept
    const index = Math.floor(kept / this.#rowsPerChunk)
    const target = (this.#chunks[index] ??= new BigUint64Array(CHUNK_LIMBS))
    const to = (kept % this.#rowsPerChunk) * this.#limbs
    for (let limb = 0; limb < this.#limbs; limb++) target[to + limb] = chunk[at + limb] as bigint
  }

  /** Puts the kept rows of a page back into its copy. */
  restore(page: number, into: Uint8Array): void {
    const rowBytes = this.#limbs * 8
    for (let kept = this.#heads[page] as number; kept !== NONE; kept = this.#next[kept] as number) {
      const chunk = this.#chunks[Math.floor(kept / this.#rowsPerChunk)] as BigUint64Array
      const from = (kept % this.#rowsPerChunk) * rowBytes
      const bytes = new Uint8Array(chunk.buffer, from, rowBytes)
      into.set(bytes, ((this.#rows[kept] as number) % this.#rowsPerPage) * rowBytes)
    }
  }

  #widen(): void {
    const rows = new Uint32Array(this.#rows.length * 2)
    rows.set(this.#rows)
    this.#rows = rows
    const next = new Int32Array(this.#next.length * 2)
    next.set(this.#next)
    this.#next = next
  }
}
