/**
 * Paged tables: rows of one fixed size in chunks of shared memory, so that growing moves nothing and other
 * threads may read. A cut (snapshot) copies page by page; rows that change before their page was copied are kept as they were.
 * Rows, not pages: a batch of random pairs touches every page of a million accounts, and copying 256 MB at once took 200 ms.
 */
import { assert } from '@tallystick/money'
import { KeptRows } from './kept-rows.ts'

export const PAGE_BYTES = 65_536
/** 256 pages, 16 MiB: large enough for huge pages. Memory that nobody has written to costs nothing, so a small ledger may have it too. */
const CHUNK_BYTES = 256 * PAGE_BYTES
const PAGES_PER_CHUNK = CHUNK_BYTES / PAGE_BYTES

export class PagedTable {
  /** The same chunks in two widths; index with `chunk` and `base64` / `base32`. */
  readonly u64: BigUint64Array[] = []
  readonly u32: Uint32Array[] = []
  readonly rowBytes: number
  readonly chunkShift: number
  readonly rowMask: number
  readonly #pageShift: number
  readonly #chunkBytes: number
  /** 1 for each page that the open cut has yet to copy. */
  #uncopied = new Uint8Array(PAGES_PER_CHUNK)
  #kept: KeptRows | undefined
  #rows = 0

  /** @param rowBytes a power of two between 8 and 65,536. */
  constructor(rowBytes: number, chunkBytes = CHUNK_BYTES) {
    assert(Number.isInteger(Math.log2(rowBytes)), 'a row is a power of two long')
    this.rowBytes = rowBytes
    this.#chunkBytes = chunkBytes
    this.chunkShift = Math.log2(chunkBytes / rowBytes)
    this.rowMask = chunkBytes / rowBytes - 1
    this.#pageShift = Math.log2(PAGE_BYTES / rowBytes)
  }

  get rows(): number {
    return this.#rows
  }

  get pageCount(): number {
    return Math.ceil((this.#rows * this.rowBytes) / PAGE_BYTES)
  }

  /** Makes rows up to `rows` addressable; new ones are zeros. */
  grow(rows: number): void {
    while (this.u64.length << this.chunkShift < rows) {
      const buffer = new SharedArrayBuffer(this.#chunkBytes)
      this.u64.push(new BigUint64Array(buffer))
      this.u32.push(new Uint32Array(buffer))
    }
    this.#rows = Math.max(this.#rows, rows)
    const pages = this.u64.length * (this.#chunkBytes / PAGE_BYTES)
    if (this.#uncopied.length < pages) {
      const wider = new Uint8Array(Math.max(pages, this.#uncopied.length * 2))
      wider.set(this.#uncopied)
      this.#uncopied = wider
    }
  }

  /** Before a row's first change: an open cut keeps it as it was. */
  touch(row: number): void {
    if (this.#uncopied[row >>> this.#pageShift] === 1) this.#keep(row)
  }

  #keep(row: number): void {
    const chunk = this.u64[row >>> this.chunkShift]
    assert(chunk !== undefined && this.#kept !== undefined, 'a cut is open and the row exists')
    const limbs = this.rowBytes / 8
    this.#kept.keep(row, chunk, (row & this.rowMask) * limbs)
  }

  #bytes(page: number): Uint8Array {
    const at = page * PAGE_BYTES
    const chunk = this.u64[Math.floor(at / this.#chunkBytes)]
    assert(chunk !== undefined, 'the page exists')
    return new Uint8Array(chunk.buffer, at % this.#chunkBytes, PAGE_BYTES)
  }

  /** From now on the rows of now are kept until `copyPage` has taken their page. */
  beginCut(): number {
    const pages = this.pageCount
    this.#uncopied.fill(1, 0, pages)
    const rowsPerPage = PAGE_BYTES / this.rowBytes
    this.#kept = new KeptRows({ rows: this.#rows, rowsPerPage, limbs: this.rowBytes / 8 })
    return pages
  }

  copyPage(page: number, into: Uint8Array): void {
    into.set(this.#bytes(page))
    this.#kept?.restore(page, into)
    this.#uncopied[page] = 0
  }

  endCut(): void {
    this.#uncopied.fill(0)
    this.#kept = undefined
  }

  /** Bytes that the open cut holds aside. */
  get keptBytes(): number {
    return (this.#kept?.count ?? 0) * this.rowBytes
  }

  loadPage(page: number, from: Uint8Array): void {
    this.#bytes(page).set(from)
  }
}
