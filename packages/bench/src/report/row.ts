/** A row of the report: one figure, what it is held to, and what the bare machine did in the same run. */

/** What an answer promises when it is given. */
type Durability =
  | 'fdatasync before the answer'
  | 'none: memory alone'
  | 'none: reads'
  | 'none: made again from the journal'

/** What a figure must reach. */
export interface Bar {
  readonly value: number
  /** Whether the figure should be at least or at most that. */
  readonly better: 'higher' | 'lower'
}

/** The bare machine, measured beside the figure. */
export interface Baseline {
  /** What it did. */
  readonly of: string
  /** In the unit of the row. */
  readonly value: number
}

export interface Row {
  readonly name: string
  readonly unit: string
  readonly value: number
  /** ms for one request or batch; null where there is no such thing. */
  readonly p50: number | null
  readonly p99: number | null
  readonly max: number | null
  readonly baseline: number | null
  readonly ratio: number | null
  readonly bar: number | null
  /** null: there is no bar. */
  readonly holds: boolean | null
  readonly better: 'higher' | 'lower'
  readonly baselineOf: string | null
  readonly durability: Durability
  readonly note: string
}

export interface Measured {
  readonly name: string
  readonly unit: string
  readonly value: number
  readonly latency?: { readonly p50: number; readonly p99: number; readonly max: number }
  readonly baseline?: Baseline | undefined
  readonly bar?: Bar | undefined
  readonly durability: Durability
  readonly note?: string
}

export const atLeast = (value: number): Bar => ({ value, better: 'higher' })
export const atMost = (value: number): Bar => ({ value, better: 'lower' })

export function row(measured: Measured): Row {
  const { name, unit, value, latency, baseline, bar, durability, note = '' } = measured
  return {
    ...{ name, unit, value },
    p50: latency?.p50 ?? null,
    p99: latency?.p99 ?? null,
    max: latency?.max ?? null,
    baseline: baseline?.value ?? null,
    ratio: baseline === undefined ? null : value / baseline.value,
    bar: bar?.value ?? null,
    holds: bar === undefined ? null : reaches(value, bar),
    better: bar?.better ?? 'higher',
    baselineOf: baseline?.of ?? null,
    durability,
    note,
  }
}

/** A figure that is not a number reaches nothing. */
function reaches(value: number, bar: Bar): boolean {
  return bar.better === 'higher' ? value >= bar.value : value <= bar.value
}

/** Rows whose bar they fall short of. */
export function shortfalls(rows: readonly Row[]): readonly Row[] {
  return rows.filter(({ holds }) => holds === false)
}
