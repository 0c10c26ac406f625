/** Whether an index leads to what is asked: a question that would have to read everything is refused, with a sentence that says what is missing. */
import { fieldsOf, type QueryResource } from './fields.ts'
import { type Filter, FilterRefused } from './filter.ts'

/** @throws FilterRefused `no_index` */
export function checkIndexed(resource: QueryResource, filter: Filter | undefined): void {
  // Without a condition the rows are read in their own order, a page at a time.
  if (filter === undefined || isIndexed(filter)) return
  const able = fieldsOf(resource).flatMap(({ name, kind, indexed }) =>
    indexed.length === 0
      ? []
      : [`${kind === 'metadata' ? 'metadata.NAME' : name} (${indexed.join(', ')})`],
  )
  throw new FilterRefused(
    'no_index',
    'filter',
    `No index leads to what this filter asks, so all ${resource} would have to be read. Add a condition on one of these, to all alternatives of an or: ${able.join(', ')}.`,
  )
}

function isIndexed(filter: Filter): boolean {
  switch (filter.kind) {
    case 'condition':
      return filter.field.indexed.includes(filter.comparison)
    case 'and':
      return filter.parts.some(isIndexed)
    case 'or':
      return filter.parts.every(isIndexed)
    case 'not':
      return false
  }
}
