/** Watches the log of the server that a client talks to: now and then, beside its requests, and never in their way. */
import type { Settings } from '../options.ts'
import { checkLog } from './check-log.ts'
import { logSource } from './log-source.ts'
import { formatSeenLog, type LogAlarm, parseSeenLog, type SeenLog } from './seen-log.ts'
import { fileStore, memoryStore, type SeenStore } from './seen-store.ts'

export interface WatchOptions {
  /** Where what was seen is kept. Default: a file for each server (`TALLY_STATE`, `~/.local/state/tallystick`); memory where there are no files. */
  readonly store?: SeenStore
  /** ms between two checks at least; default 60,000. */
  readonly everyMs?: number
  /** Verifier keys of the log, from somebody who is trusted. Default: those that the server shows the first time. */
  readonly keys?: readonly string[]
  /** Called when an alarm begins, and not again while it stands; default: a line on `console.error`. */
  readonly onAlarm?: (alarm: LogAlarm) => void
}

/** How things stand between this client and the log. */
export interface Watched {
  /** The newest checkpoint that was believed; undefined: none yet. */
  readonly seen: SeenLog | undefined
  readonly alarm: LogAlarm | undefined
  /** Why the last check came to nothing: no answer, no checkpoint yet, no Ed25519 on this platform. No alarm. */
  readonly failure: string | undefined
}

const EVERY_MS = 60_000

const ADVICE: Readonly<Record<LogAlarm['code'], string>> = {
  forked:
    'Rely on no answer of this server until that is explained: give both signed checkpoints to its operator and to an auditor, who can prove it with them.',
  shrunk:
    'Its operator has to put the newer data back; ask him before you pay anything again, since it may not know what was paid.',
  unproven: 'Ask its operator; the next checkpoint that is proved ends this alarm.',
  not_trusted:
    'If its operator changed its key or began a new log, have him give you the new key, by another way than this server. Then forget what was seen.',
  replaced: 'If a tunnel to another machine ends here, take it for an alarm.',
}

export class LogWatch {
  readonly #settings: Settings
  readonly #options: WatchOptions
  readonly #store: SeenStore
  readonly #isOn: boolean
  /** ms since 1970. */
  #nextAt = 0
  #underWay: Promise<Watched> | undefined
  #told: LogAlarm['code'] | undefined
  readonly #ended = new AbortController()

  constructor(settings: Settings) {
    const { watch } = settings
    this.#settings = settings
    this.#options = watch === false ? {} : watch
    this.#isOn = watch !== false
    this.#store = this.#options.store ?? fileStore() ?? memoryStore()
  }

  /** After each request that was answered: all that it costs them is to look at the clock. */
  answered(): void {
    if (!this.#isOn) return
    const now = Date.now()
    if (now < this.#nextAt) return
    this.#nextAt = now + this.#everyMs
    // Nobody waits for it, so nobody hears what it fails with; `check` says it.
    void this.#once(() => this.#ifDue(now)).catch(() => undefined)
  }

  /** The last of this client: waits so long for the check that is under way, and gives it up then. */
  async end(ms: number): Promise<void> {
    this.#nextAt = Number.POSITIVE_INFINITY
    const timer = setTimeout(() => this.#ended.abort(), ms)
    await this.#underWay?.catch(() => undefined)
    clearTimeout(timer)
  }

  /** Now, also when the watch is off. */
  check(): Promise<Watched> {
    return this.#once(async () => this.#check(await this.#read()))
  }

  /** Without asking the server. */
  async watched(): Promise<Watched> {
    return watchedOf(await this.#read())
  }

  /** What was seen counts no more: the next checkpoint is the first again. */
  forget(): Promise<void> {
    this.#told = undefined
    return this.#store.write(this.#settings.url, undefined)
  }

  get #everyMs(): number {
    return this.#options.everyMs ?? EVERY_MS
  }

  /** Two at a time would only ask the same. */
  #once(check: () => Promise<Watched>): Promise<Watched> {
    this.#underWay ??= check().finally(() => {
      this.#underWay = undefined
    })
    return this.#underWay
  }

  /** Another program of this person may have looked just now. */
  async #ifDue(now: number): Promise<Watched> {
    const seen = await this.#read()
    const isDue = seen === undefined || !(Math.abs(now - seen.seenAt) < this.#everyMs)
    if (isDue || seen.alarm !== undefined) return this.#check(seen)
    this.#nextAt = seen.seenAt + this.#everyMs
    return watchedOf(seen)
  }

  async #read(): Promise<SeenLog | undefined> {
    const text = await this.#store.read(this.#settings.url)
    return text === undefined ? undefined : parseSeenLog(text)
  }

  /** @param before read before the server is asked: what other programs see meanwhile is newer than the answer. */
  async #check(before: SeenLog | undefined): Promise<Watched> {
    // Two histories stay two, whichever of them is shown next.
    if (before?.alarm?.code === 'forked') return this.#raised(before, before.alarm)
    const checked = await this.#outcome(before)
    if ('failure' in checked) {
      if (before?.alarm !== undefined) this.#tell(before.alarm)
      return watchedOf(before, checked.failure)
    }
    if (checked.seen === undefined) {
      // Without anything seen there is nothing to hold on to, only to say.
      if (before === undefined) return this.#raised(undefined, checked.alarm)
      const raised = { ...before, alarm: this.#advised(checked.alarm) }
      await this.#write(raised)
      return this.#raised(raised, raised.alarm)
    }
    // Another program of this person has kept what it saw meanwhile: that is as good, or an alarm.
    const isUntouched = (await this.#read())?.checkpoint === before?.checkpoint
    if (isUntouched) await this.#write(checked.seen)
    if (checked.alarm === undefined) this.#told = undefined
    else this.#tell(this.#advised(checked.alarm))
    return watchedOf(checked.seen)
  }

  /** With what to do: people who read it have never heard of checkpoints. */
  #advised(alarm: LogAlarm): LogAlarm {
    const place = this.#store.place?.(this.#settings.url)
    const kept = place === undefined ? 'Both checkpoints are kept' : `Both are kept in ${place}`
    return { ...alarm, sentence: `${alarm.sentence} ${ADVICE[alarm.code]} ${kept}.` }
  }

  #write(seen: SeenLog): Promise<void> {
    const { url } = this.#settings
    return this.#store.write(url, formatSeenLog(url, seen))
  }

  async #outcome(
    seen: SeenLog | undefined,
  ): Promise<Awaited<ReturnType<typeof checkLog>> | { readonly failure: string }> {
    const { url } = this.#settings
    const { keys } = this.#options
    try {
      return await checkLog({
        url,
        source: logSource(this.#settings, this.#ended.signal),
        seen,
        keys,
        now: Date.now(),
      })
    } catch (error) {
      return { failure: error instanceof Error ? error.message : String(error) }
    }
  }

  #raised(seen: SeenLog | undefined, alarm: LogAlarm): Watched {
    this.#tell(alarm)
    return { ...watchedOf(seen), alarm }
  }

  #tell(alarm: LogAlarm): void {
    if (this.#told === alarm.code) return
    this.#told = alarm.code
    const { onAlarm = tellOnConsole } = this.#options
    onAlarm(alarm)
  }
}

function tellOnConsole({ sentence }: LogAlarm): void {
  console.error(`tallystick: ${sentence}`)
}

function watchedOf(seen: SeenLog | undefined, failure?: string): Watched {
  return { seen, alarm: seen?.alarm, failure }
}
