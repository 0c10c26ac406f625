/**
 * Stretches: the parts of a run. Sides that are compared (all pairs, one hot account, the bare server) take turns stretch by
 * stretch, so that a machine that slows down slows all of them down; the figure of a side is the median of its stretches.
 */
import { median, Percentiles } from './report/percentiles.ts'

export interface Stretch {
  /** Transfers, reads, accounts. */
  readonly items: number
  readonly seconds: number
  /** ms. */
  readonly latencies: Float64Array
  /** CPU seconds per process that took part. */
  readonly cpu?: Readonly<Record<string, number>>
}

/** All stretches of one side. */
export class Side {
  readonly #stretches: Stretch[] = []

  add(stretch: Stretch): void {
    this.#stretches.push(stretch)
  }

  /** Items per second of the middle stretch. */
  get rate(): number {
    return median(this.#rates)
  }

  get #rates(): number[] {
    return this.#stretches.map(({ items, seconds }) => items / seconds)
  }

  /** Of all stretches together. */
  get latency(): { p50: number; p99: number; max: number } {
    const all = Percentiles.merged(this.#stretches.map(({ latencies }) => latencies))
    return { p50: all.at(50), p99: all.at(99), max: all.max }
  }

  get items(): number {
    return this.#stretches.reduce((sum, { items }) => sum + items, 0)
  }

  /** Slowest and fastest stretch. */
  get spread(): { min: number; max: number } {
    const rates = this.#rates
    return { min: Math.min(...rates), max: Math.max(...rates) }
  }

  get count(): number {
    return this.#stretches.length
  }

  /** Cores that a process kept busy, and CPU time of one item, µs. */
  cpu(process: string): { cores: number; itemUs: number } {
    const used = this.#stretches.reduce((sum, { cpu }) => sum + (cpu?.[process] ?? Number.NaN), 0)
    const seconds = this.#stretches.reduce((sum, stretch) => sum + stretch.seconds, 0)
    return { cores: used / seconds, itemUs: (used * 1e6) / this.items }
  }
}
