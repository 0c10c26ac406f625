/** Arithmetic on the places of runs: what they cover, what is missing, what can be written down together. */
import type { RunPlace } from './manifest.ts'
import { FAMILIES, type Family } from './run-format.ts'

/** A stretch of the book that one family has no run for. */
export interface Gap {
  readonly family: Family
  readonly from: number
  readonly through: number
  readonly level: number
}

export function ofFamily(runs: readonly RunPlace[], family: Family): readonly RunPlace[] {
  return runs.filter((run) => run.family === family)
}

/** Newest sequence that any family covers; 0 = none. */
export function coveredThrough(runs: readonly RunPlace[]): number {
  return runs.reduce((through, run) => Math.max(through, run.through), 0)
}

/** What is missing up to `through`, for every family. */
export function gaps(runs: readonly RunPlace[], first: number, through: number): readonly Gap[] {
  return FAMILIES.flatMap((family) =>
    familyGaps(ofFamily(runs, family), { family, first, through }),
  )
}

function familyGaps(
  runs: readonly RunPlace[],
  wanted: { family: Family; first: number; through: number },
): readonly Gap[] {
  const found: Gap[] = []
  let next = wanted.first
  let level = 0
  const gap = (through: number): void => {
    if (through >= next) found.push({ family: wanted.family, from: next, through, level })
  }
  for (const run of runs) {
    gap(run.from - 1)
    next = run.through + 1
    level = run.level
  }
  level = 0
  gap(wanted.through)
  return found
}

/** In order of family and sequence; stretches without entries beside each other become one. */
function tidied(runs: readonly RunPlace[]): readonly RunPlace[] {
  const sorted = [...runs].sort((a, b) => a.family - b.family || a.from - b.from)
  const tidy: RunPlace[] = []
  for (const run of sorted) {
    const before = tidy.at(-1)
    const joins =
      before !== undefined &&
      before.family === run.family &&
      before.entries === 0 &&
      run.entries === 0 &&
      before.through + 1 === run.from
    if (joins) tidy[tidy.length - 1] = { ...before, through: run.through }
    else tidy.push(run)
  }
  return tidy
}

/** `all` with `gone` taken out and `come` put in. */
export function replaced(
  all: readonly RunPlace[],
  gone: readonly RunPlace[],
  come: readonly RunPlace[],
): readonly RunPlace[] {
  return tidied([...all.filter((run) => !gone.includes(run)), ...come])
}
