/** Random filters whose values are mostly those of rows. */
import { formatRequestId, formatTime } from '@tallystick/contract'
import type { Prng } from '@tallystick/testkit'

import type { QueryResource } from '../src/index.ts'
import { comparisonsOf, type Field, fieldsOf } from '../src/query/fields.ts'
import type { NaiveRow } from './naive-query.ts'

export function filtersOf(
  prng: Prng,
  resource: QueryResource,
  rows: readonly NaiveRow[],
): (depth: number) => object {
  const condition = (): object => {
    const field = prng.pick(fieldsOf(resource))
    const name =
      field.kind === 'metadata' ? `metadata.${prng.pick(['cart', 'n', 'ok'])}` : field.name
    const comparison = prng.pick(comparisonsOf(field))
    const value = (): unknown => wireOf(field, prng.pick(rows)[name]) ?? otherwise(field, prng)
    if (comparison === 'in') {
      return { field: name, in: Array.from({ length: 1 + prng.below(3) }, value) }
    }
    if (comparison !== 'prefix') return { field: name, [comparison]: value() }
    const segments = String(value()).split(':')
    return { field: name, prefix: segments.slice(0, 1 + prng.below(segments.length)).join(':') }
  }
  const make = (depth: number): object => {
    if (depth === 0 || prng.once(3)) return condition()
    const parts = (): object[] => Array.from({ length: 1 + prng.below(3) }, () => make(depth - 1))
    if (prng.once(4)) return { and: [condition(), { not: make(depth - 1) }] }
    return prng.once(2) ? { and: parts() } : { or: parts() }
  }
  return make
}

function wireOf({ kind }: Field, value: NaiveRow[string]): unknown {
  if (typeof value === 'object' || value === 'a\0b') return undefined
  if (typeof value !== 'bigint') return value
  return kind === 'time' ? formatTime(value) : `${value}`
}

/** Where the row has no such value. */
function otherwise({ kind }: Field, prng: Prng): unknown {
  if (kind === 'time') return formatTime(prng.u64())
  if (kind === 'amount' || kind === 'whole') return `${prng.u128() >> BigInt(prng.below(128))}`
  if (kind === 'request') return formatRequestId(Buffer.alloc(16, prng.below(256)))
  if (kind === 'code') return prng.below(3)
  if (kind === 'boolean') return prng.once(2)
  return kind === 'metadata' ? prng.pick(['c-1', 'c-2', 1, 2, true, "it's"]) : 'users:1:wallet'
}
