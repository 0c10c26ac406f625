/** Where a pass over the journal is, as it is kept between two lives of a server. */
import type { PiecePosition } from '@tallystick/journal'

export interface ScrubPlace {
  /** When the pass began or will begin, ms since 1970. */
  readonly beganAt: number
  readonly position: PiecePosition
  /** What the pass before found; undefined: nothing. */
  readonly damage: string | undefined
}

const FIELDS = ['segment', 'offset', 'sequence', 'chain'] as const

/** undefined: it is no such thing. */
export function parsePlace(text: string): ScrubPlace | undefined {
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null) return undefined
  const { beganAt, position, damage } = value as Record<string, unknown>
  if (!isCount(beganAt) || typeof position !== 'object' || position === null) return undefined
  const numbers = FIELDS.map((field) => (position as Record<string, unknown>)[field])
  if (!numbers.every(isCount)) return undefined
  const [segment = 1, offset = 0, sequence = 1, chain = 0] = numbers
  return {
    ...{ beganAt, position: { segment, offset, sequence, chain } },
    damage: typeof damage === 'string' ? damage : undefined,
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
