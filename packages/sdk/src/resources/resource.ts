/** What every resource does in the same way: read, write, list. */
import { List, type Page } from '../list.ts'
import type { ReadOptions, WriteOptions } from '../options.ts'
import type { RowsQuery } from '../shapes/query.ts'
import type { Call, Transport } from '../transport.ts'

export class Resource {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  protected get transport(): Transport {
    return this.#transport
  }

  protected read<Body>(path: string, query: object, options: ReadOptions): Promise<Body> {
    return this.#transport.json<Body>({ method: 'GET', path, query, options })
  }

  protected write<Body>(path: string, body: object, options: WriteOptions): Promise<Body> {
    return this.#transport.json<Body>({ method: 'POST', path, body, options })
  }

  protected send<Body>(call: Call): Promise<Body> {
    return this.#transport.json<Body>(call)
  }

  protected rows<Row>(path: string, query: object, options: ReadOptions): List<Row> {
    return new List((cursor) => {
      // A cursor carries its list's filters; only the size of a page is said again.
      const { limit } = query as { readonly limit?: number }
      return this.read<Page<Row>>(path, cursor === undefined ? query : { limit, cursor }, options)
    })
  }

  /** Asked of the read models: each page says the whole question again. */
  protected asked<Row>(path: string, query: RowsQuery, options: ReadOptions): List<Row> {
    return new List((cursor) => {
      const body = cursor === undefined ? query : { ...query, cursor }
      return this.#transport.json<Page<Row>>({ method: 'POST', path, body, options })
    })
  }

  /** The one row of a look-up by reference. */
  protected async found<Row>(
    path: string,
    reference: string,
    options: ReadOptions,
  ): Promise<Row | undefined> {
    const { data } = await this.read<Page<Row>>(path, { reference }, options)
    return data[0]
  }
}

/** One segment of a path. A colon stays readable: addresses are full of them. */
export function segment(text: string): string {
  return encodeURIComponent(text).replaceAll('%3A', ':')
}
