/** Rates as people write them: `50MB/s`, `800kB/s`, `1.5GB/s`. */
import { usageError } from './failure.ts'

const RATE = /^(?<amount>\d+(?:\.\d+)?)\s*(?<unit>[kMG]?B)\/s$/

const BYTES: Readonly<Record<string, number>> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9 }

/** Bytes per second. @throws CommandError */
export function byteRateOf(text: string): number {
  const { amount, unit = '' } = RATE.exec(text)?.groups ?? {}
  const rate = Number(amount) * (BYTES[unit] ?? Number.NaN)
  if (rate >= 1) return rate
  throw usageError(`"${text}" is no rate: write it like 50MB/s or 800kB/s.`)
}
