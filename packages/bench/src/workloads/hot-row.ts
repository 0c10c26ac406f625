/** The row that holds a hot account to the rate of uniform pairs: one account on one side of every transfer. */
import { count } from '../report/figure.ts'
import { type Bar, atLeast, type Row, row } from '../report/row.ts'
import type { Side } from '../stretches.ts'

export const HOT_BAR = atLeast(0.95)

export function hotRow(parts: { of: Row; uniform: Side; hot: Side; bar: Bar }): Row {
  const { of, uniform, hot, bar } = parts
  return row({
    ...{ name: `${of.name}-hot`, unit: 'hot ÷ uniform', value: hot.rate / uniform.rate, bar },
    latency: hot.latency,
    durability: of.durability,
    note: `${count(hot.rate)} ÷ ${count(uniform.rate)} transfers/s`,
  })
}
