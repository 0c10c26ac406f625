/** What a command has around it: where it writes, what it was told, and the server that it talks to. */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileStore, type LogAlarm, memoryStore, stateDirectory, Tallystick } from '@tallystick/sdk'
import { ExitCode } from './exit-code.ts'
import { usageError } from './failure.ts'
import type { Output } from './output/output.ts'

export interface Environment {
  readonly cwd: string
  readonly variables: Readonly<Record<string, string | undefined>>
}

/** Options of the whole program. */
export interface GlobalOptions {
  readonly url?: string
  readonly key?: string
  readonly initiator?: string
  readonly json?: boolean
}

const DEFAULT_URL = 'http://127.0.0.1:7411'
/** Where `npm start` leaves the root key. */
const KEY_FILE = join('keys', 'root.key')

export class Session {
  readonly output: Output
  readonly environment: Environment
  readonly #options: GlobalOptions
  #tally: Tallystick | undefined
  #anyone: Tallystick | undefined
  #alarm: LogAlarm | undefined

  constructor(output: Output, environment: Environment, options: GlobalOptions) {
    this.output = output
    this.environment = environment
    this.#options = options
  }

  /** The client, made when it is first needed: commands on files need no key. @throws CommandError */
  get tally(): Tallystick {
    this.#tally ??= this.#client(this.apiKey)
    return this.#tally
  }

  /** For what the server shows to anyone. */
  get anyone(): Tallystick {
    this.#anyone ??= this.#tally ?? this.#client('')
    return this.#anyone
  }

  /**
   * Waits for what is checked beside the command, so that it is heard of and not cut off.
   * @returns why the server's log is not believed; undefined: no reason was found.
   */
  async ended(): Promise<LogAlarm | undefined> {
    await Promise.all([this.#tally?.log.endWatch(), this.#anyone?.log.endWatch()])
    return this.#alarm
  }

  get url(): string {
    return this.#options.url ?? this.#variable('TALLY_URL') ?? DEFAULT_URL
  }

  /** The server that was named; undefined: none was, and `url` is a guess. */
  get urlGiven(): string | undefined {
    return this.#options.url ?? this.#variable('TALLY_URL')
  }

  /** A path as the person wrote it, seen from where they are. */
  path(...parts: readonly string[]): string {
    return resolve(this.environment.cwd, ...parts)
  }

  /** The data directory: as given, else TALLY_DATA, else `data`. */
  data(given: string | undefined): string {
    return this.path(given ?? this.#variable('TALLY_DATA') ?? 'data')
  }

  /** The keys directory: as given, else TALLY_KEYS, else `keys` where there is one. */
  keys(given: string | undefined): string | undefined {
    const named = given ?? this.#variable('TALLY_KEYS')
    if (named !== undefined) return this.path(named)
    const usual = this.path('keys')
    return existsSync(usual) ? usual : undefined
  }

  #client(key: string): Tallystick {
    const { initiator } = this.#options
    const directory = stateDirectory(this.environment.variables)
    const store = directory === undefined ? undefined : fileStore(directory)
    const onAlarm = (alarm: LogAlarm): void => {
      this.#alarm = alarm
      this.output.fail({
        ...{ code: `log_${alarm.code}`, message: alarm.sentence },
        ...{ exitCode: ExitCode.notProved, facts: {} },
      })
    }
    return new Tallystick({
      ...{ url: this.url, key },
      ...(key === '' || initiator === undefined ? {} : { initiator }),
      watch: { store: store ?? memoryStore(), onAlarm },
    })
  }

  /** @throws CommandError when there is none. */
  get apiKey(): string {
    const given =
      this.#options.key ?? this.#variable('TALLY_KEY') ?? this.#variable('TALLY_ROOT_KEY')
    return given ?? this.#keyFromFile()
  }

  #keyFromFile(): string {
    const path = this.path(this.#variable('TALLY_KEYS') ?? 'keys', 'root.key')
    try {
      return readFileSync(path, 'utf8').trim()
    } catch {
      throw usageError(
        `There is no key: give --key or TALLY_KEY, or run this where ${KEY_FILE} lies (npm start makes it).`,
      )
    }
  }

  #variable(name: string): string | undefined {
    const value = this.environment.variables[name]
    return value === '' ? undefined : value
  }
}
