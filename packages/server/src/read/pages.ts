/** One page of a list: rows, whether there are more, and a signed cursor that carries the filters. */
import { PAGE_ROWS_DEFAULT } from '@tallystick/contract'

import type { Service } from '../service.ts'

interface PageQuery {
  readonly limit?: number
  readonly cursor?: string
}

export interface PageAsked<Filters> {
  readonly filters: Filters
  readonly after: string | number | undefined
  readonly limit: number
}

/** @param list which list it is: operation and account. @throws Refused `invalid_cursor` */
export function pageOf<Query extends PageQuery>(
  { cursors }: Service,
  list: string,
  query: Query,
): PageAsked<Omit<Query, 'limit' | 'cursor'>> {
  const { limit = PAGE_ROWS_DEFAULT, cursor, ...filters } = query
  if (cursor === undefined) return { filters, after: undefined, limit }
  const place = cursors.read(list, cursor, filters)
  return { ...place, limit }
}

/** @param next where the next page begins; undefined: this is the last one. */
export function pageText(
  { cursors }: Service,
  list: string,
  rows: readonly string[],
  next: { readonly filters: object; readonly after: string | number } | undefined,
): string {
  const cursor = next === undefined ? 'null' : `"${cursors.write(list, next)}"`
  return `{"data":[${rows.join(',\n')}],"has_more":${next !== undefined},"next_cursor":${cursor}}`
}
