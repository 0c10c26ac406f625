/** What a client keeps of a server's log: the newest checkpoint that it saw, and with which keys it was signed. */
import { parseCheckpoint, parseNote } from '@tallystick/verify'

const CODES = ['forked', 'shrunk', 'unproven', 'not_trusted', 'replaced'] as const

/** Why a log is not believed any more. */
export interface LogAlarm {
  /**
   * - `forked`: what is signed now does not begin with what was signed before: the log has two histories.
   * - `shrunk`: it has fewer events than it had.
   * - `unproven`: its hashes do not prove that it continues what was seen.
   * - `not_trusted`: another log, or none of its known keys has signed it.
   * - `replaced`: as before, at a loopback address, where it is most likely a new ledger. It is said once and stops nothing.
   */
  readonly code: (typeof CODES)[number]
  /** For people: what was seen before, what is shown now, and what to do. */
  readonly sentence: string
  /** The checkpoint that gave the alarm: with the kept one, evidence for others. */
  readonly evidence: string
}

export interface SeenLog {
  /** Verifier keys of C2SP signed-note that signed it. */
  readonly keys: readonly string[]
  /** The signed note. */
  readonly checkpoint: string
  /** Events that it covers. */
  readonly size: bigint
  /** When a check last went well, ms since 1970. */
  readonly seenAt: number
  readonly alarm?: LogAlarm | undefined
  /** The newest checkpoint of the log that was at this address before, when another has `replaced` it. */
  readonly replaced?: string | undefined
}

const FORMAT = 'tallystick/seen/v1'

/** @throws MalformedNote, MalformedCheckpoint */
export function seenLog(seen: Omit<SeenLog, 'size'>): SeenLog {
  return { ...seen, size: parseCheckpoint(parseNote(seen.checkpoint).text).size }
}

export function formatSeenLog(url: string, seen: SeenLog): string {
  const { keys, checkpoint, seenAt, alarm, replaced } = seen
  const seen_at = new Date(seenAt).toISOString()
  const record = { format: FORMAT, url, keys, checkpoint, seen_at, alarm, replaced }
  return `${JSON.stringify(record, null, 2)}\n`
}

/** @returns undefined when it is none. A record that cannot be read is as good as lost: the next checkpoint begins anew. */
export function parseSeenLog(text: string): SeenLog | undefined {
  const { format, keys, checkpoint, seen_at: seenAt, alarm, replaced } = fieldsOf(text)
  if (format !== FORMAT || typeof checkpoint !== 'string' || typeof seenAt !== 'string') return
  if (!Array.isArray(keys) || !keys.every((key) => typeof key === 'string')) return
  try {
    return seenLog({
      ...{ keys, checkpoint, alarm: alarmOf(alarm) },
      seenAt: Date.parse(seenAt) || 0,
      replaced: typeof replaced === 'string' ? replaced : undefined,
    })
  } catch {
    return undefined
  }
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

function alarmOf(value: unknown): LogAlarm | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { code, sentence, evidence } = value as Readonly<Record<string, unknown>>
  const known = CODES.find((each) => each === code)
  if (known === undefined || typeof sentence !== 'string' || typeof evidence !== 'string') return
  return { code: known, sentence, evidence }
}
