/** A list that spans pages: `for await` goes through all of it, fetching pages as they are needed. */

/** One page as the server gave it. */
export interface Page<Row> {
  readonly data: readonly Row[]
  readonly hasMore: boolean
  readonly nextCursor: string | null
}

export class List<Row> implements AsyncIterable<Row> {
  readonly #fetch: (cursor: string | undefined) => Promise<Page<Row>>

  constructor(fetch: (cursor: string | undefined) => Promise<Page<Row>>) {
    this.#fetch = fetch
  }

  /** The first page, or the one at a `nextCursor`. */
  page(cursor?: string): Promise<Page<Row>> {
    return this.#fetch(cursor)
  }

  async *pages(): AsyncGenerator<Page<Row>, void, undefined> {
    let cursor: string | undefined
    do {
      const page = await this.#fetch(cursor)
      yield page
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Row, void, undefined> {
    for await (const page of this.pages()) yield* page.data
  }

  /** All rows, or the first `max`. */
  async toArray(max: number = Number.POSITIVE_INFINITY): Promise<Row[]> {
    const rows: Row[] = []
    if (max <= 0) return rows
    for await (const row of this) {
      if (rows.push(row) >= max) break
    }
    return rows
  }
}
