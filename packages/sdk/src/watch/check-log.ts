/** Holds what a server shows of its log to what was seen of it: the rule by which every client is a witness. */
import {
  type Checkpoint,
  CheckpointRefused,
  equalBytes,
  formatVerifierKey,
  MalformedCheckpoint,
  MalformedNote,
  openCheckpoint,
  type OpenedCheckpoint,
  parseCheckpoint,
  parseNote,
  parseVerifierKey,
  SourceUnreadable,
  TileProblem,
  type TileSource,
  TileTree,
  trustPolicy,
  verifyConsistency,
} from '@tallystick/verify'
import { type LogAlarm, type SeenLog, seenLog } from './seen-log.ts'

export interface LogCheck {
  /** For the sentences. */
  readonly url: string
  readonly source: TileSource
  /** Undefined: this client has not seen the log before. */
  readonly seen: SeenLog | undefined
  /** Verifier keys that were given to the client; undefined: those that the log was first seen with. */
  readonly keys: readonly string[] | undefined
  /** ms since 1970. */
  readonly now: number
}

/** What is seen now and is to be kept, or why it is not believed; both when it is kept and has to be said. */
export type Checked =
  | { readonly seen: SeenLog; readonly alarm?: LogAlarm }
  | { readonly seen?: undefined; readonly alarm: LogAlarm }

/** @throws SourceUnreadable, and what the platform lacks: then nothing is known, and what was seen stays */
export async function checkLog(check: LogCheck): Promise<Checked> {
  const note = await noteOf(check.source)
  const trusted = check.keys ?? check.seen?.keys ?? (await shownKeys(check.source))
  try {
    const opened = await openCheckpoint(note, trustPolicy({ keys: trusted }))
    const alarm = await contradiction(check, opened.checkpoint, note)
    if (alarm !== undefined) return { alarm }
    const keys = await nextKeys(check, opened, { note, trusted })
    const { replaced } = check.seen ?? {}
    return { seen: seenLog({ keys, checkpoint: note, seenAt: check.now, replaced }) }
  } catch (error) {
    if (!(error instanceof CheckpointRefused)) throw error
    if (check.keys === undefined && check.seen !== undefined && isLoopback(check.url)) {
      return replacement(check, check.seen.checkpoint)
    }
    const sentence = `${check.url} shows a log that this client does not trust: ${error.message}.`
    return { alarm: { code: 'not_trusted', sentence, evidence: note } }
  }
}

/** Ledgers on the own machine are made to be thrown away, and another begins at the same address; a tunnel may end there, too. */
async function replacement(check: LogCheck, former: string): Promise<Checked> {
  const checked = await checkLog({ ...check, seen: undefined })
  if (checked.seen === undefined) return checked
  const sentence = `${check.url} shows another log than before, and this client believes it, since it is on this machine.`
  const alarm = { code: 'replaced', sentence, evidence: checked.seen.checkpoint } as const
  return { seen: { ...checked.seen, replaced: former }, alarm }
}

/** @throws SourceUnreadable when there is none now, or what is there is no checkpoint */
async function noteOf(source: TileSource): Promise<string> {
  const bytes = await source.read('checkpoint')
  if (bytes === undefined) throw new SourceUnreadable('the log has no checkpoint now')
  const note = new TextDecoder().decode(bytes)
  try {
    parseCheckpoint(parseNote(note).text)
    return note
  } catch (cause) {
    if (!(cause instanceof MalformedNote || cause instanceof MalformedCheckpoint)) throw cause
    // A proxy's page, more likely than a lie: a liar would show something well formed.
    throw new SourceUnreadable(`what is shown is no checkpoint: ${cause.message}`, { cause })
  }
}

/** What the log says of itself. It is believed once, the first time. */
async function shownKeys(source: TileSource): Promise<string[]> {
  const bytes = await source.read('')
  try {
    const log = JSON.parse(new TextDecoder().decode(bytes ?? new Uint8Array())) as { keys: unknown }
    const keys = Array.isArray(log.keys) ? log.keys.map(String) : []
    trustPolicy({ keys })
    return keys
  } catch (cause) {
    throw new SourceUnreadable('the log does not show its keys', { cause })
  }
}

/** @returns undefined when the checkpoint continues the one that was seen */
async function contradiction(
  { url, source, seen }: LogCheck,
  newer: Checkpoint,
  evidence: string,
): Promise<LogAlarm | undefined> {
  if (seen === undefined || seen.checkpoint === evidence) return undefined
  const older = parseCheckpoint(parseNote(seen.checkpoint).text)
  const was = `the ${events(older.size)} that this client saw on ${new Date(seen.seenAt).toISOString()}`
  if (newer.size < older.size) {
    const sentence = `${url} shows a log of ${events(newer.size)}, fewer than ${was}: its end was lost or taken away.`
    return { code: 'shrunk', sentence, evidence }
  }
  // The smaller tree that it once showed was signed as well: it has to be the same history.
  const smaller = seen.alarm?.code === 'shrunk' ? seen.alarm.evidence : undefined
  try {
    if (!(await continues(source, older, newer))) {
      const sentence = `${url} shows a log of ${events(newer.size)} that does not begin with ${was}: one of them was changed, taken out or put in.`
      return { code: 'forked', sentence, evidence }
    }
    if (smaller === undefined) return undefined
    const { size, root } = parseCheckpoint(parseNote(smaller).text)
    if (await continues(source, { size, root }, newer)) return undefined
    const sentence = `${url} has shown a log of ${events(size)} that ${was} do not begin with: one of them was changed, taken out or put in.`
    return { code: 'forked', sentence, evidence: smaller }
  } catch (error) {
    if (!(error instanceof TileProblem)) throw error
    const sentence = `${url} does not prove that its log of ${events(newer.size)} begins with ${was}: ${error.message}.`
    return { code: 'unproven', sentence, evidence }
  }
}

/** A signed tree. */
type Head = Pick<Checkpoint, 'size' | 'root'>

/** @throws TileProblem when the tiles are not those of the newer tree, SourceUnreadable */
async function continues(source: TileSource, older: Head, newer: Head): Promise<boolean> {
  if (older.size === newer.size) return equalBytes(older.root, newer.root)
  const tree = new TileTree(source, newer.size)
  // Without this, tiles that were damaged would look like a log that was changed.
  if (!equalBytes(await tree.root(newer.size), newer.root)) {
    throw new TileProblem('its tiles do not lead to the root that it signed')
  }
  return verifyConsistency({
    ...{ first: older.size, firstRoot: older.root },
    ...{ second: newer.size, secondRoot: newer.root },
    proof: older.size === 0n ? [] : await tree.consistency(older.size),
  })
}

/**
 * Those that have signed, and with them a new one that the log shows while both sign: so a key can be changed, and what only the old one signs
 * is not believed for ever.
 */
async function nextKeys(
  { keys, source }: LogCheck,
  { checkpoint, logs, note: { signatures } }: OpenedCheckpoint,
  { note, trusted }: { readonly note: string; readonly trusted: readonly string[] },
): Promise<readonly string[]> {
  if (keys !== undefined) return keys
  const own = signatures.filter(({ name }) => name === checkpoint.origin)
  const signed = logs.map(({ key }) => formatVerifierKey(key))
  if (own.length === logs.length) return signed
  const ids = own.map(({ keyId }) => keyId)
  const shown = await shownKeys(source)
  const added = shown.filter((key) => ids.includes(parseVerifierKey(key).keyId))
  const all = [...new Set([...trusted, ...added])]
  const opened = await openCheckpoint(note, trustPolicy({ keys: all }))
  return opened.logs.map(({ key }) => formatVerifierKey(key))
}

function events(count: bigint): string {
  const grouped = count.toString().replaceAll(/\B(?=(\d{3})+$)/g, ',')
  return `${grouped} ${count === 1n ? 'event' : 'events'}`
}

function isLoopback(url: string): boolean {
  const { hostname } = new URL(url)
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
}
