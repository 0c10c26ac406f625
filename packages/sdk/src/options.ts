/** Settings of a client and of a call, and where they come from when nobody gives them. */
import type { WatchOptions } from './watch/log-watch.ts'

export interface TallystickOptions {
  /** Where the server is; default `TALLY_URL`, else `http://127.0.0.1:7411`. With or without `/v1`. */
  readonly url?: string
  /** Default `TALLY_KEY`, else `TALLY_ROOT_KEY`, where the environment can be read. */
  readonly key?: string
  /** On whose behalf it asks: what may be done is what both may do. Needs `principals:represent`. */
  readonly initiator?: string
  /** ms for a whole call, retries included; default 60,000. */
  readonly timeoutMs?: number
  /** ms for one try; default 15,000. */
  readonly tryTimeoutMs?: number
  /** Tries after the first; default 5. */
  readonly retries?: number
  /** Reads wait for what this client has written; default true. */
  readonly readYourWrites?: boolean
  /** Default: the platform's. */
  readonly fetch?: typeof globalThis.fetch
  /**
   * Keeps the newest checkpoint of the server's log, and checks now and then that what the server shows later continues it: an alarm when it does
   * not. Beside the requests, never before them. Default true.
   */
  readonly watch?: boolean | WatchOptions
}

/** Of any call; what is left out is the client's setting. */
export interface CallOptions {
  readonly signal?: AbortSignal
  readonly timeoutMs?: number
  readonly tryTimeoutMs?: number
  readonly retries?: number
  /** On whose behalf. */
  readonly initiator?: string
}

export interface ReadOptions extends CallOptions {
  /** A `lastSequence` of any client: the read shows at least that. */
  readonly minSequence?: string
}

export interface WriteOptions extends CallOptions {
  /** The same key and content get the first answer again, whenever. Default: a new one per call, the same for its retries. */
  readonly idempotencyKey?: string
  /** Answer what would happen, and record nothing. */
  readonly dryRun?: boolean
  /** 0 … 3 interactive, 4 … 7 bulk. */
  readonly priority?: number
}

export interface Settings {
  /** Without `/v1` and without a slash at the end. */
  readonly url: string
  readonly key: string | undefined
  readonly initiator: string | undefined
  readonly timeoutMs: number
  readonly tryTimeoutMs: number
  readonly retries: number
  readonly readYourWrites: boolean
  readonly fetch: typeof globalThis.fetch
  readonly watch: false | WatchOptions
}

export function settingsOf(options: TallystickOptions): Settings {
  const url = options.url ?? environment('TALLY_URL') ?? 'http://127.0.0.1:7411'
  return {
    url: url.replace(/\/+$/, '').replace(/\/v1$/, ''),
    key: options.key ?? environment('TALLY_KEY') ?? environment('TALLY_ROOT_KEY'),
    initiator: options.initiator,
    timeoutMs: options.timeoutMs ?? 60_000,
    tryTimeoutMs: options.tryTimeoutMs ?? 15_000,
    retries: options.retries ?? 5,
    readYourWrites: options.readYourWrites ?? true,
    // Called without an object in front of it: browsers refuse that for a fetch that is somebody's method.
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    watch: options.watch === true ? {} : (options.watch ?? {}),
  }
}

interface Platform {
  readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> }
}

function environment(name: string): string | undefined {
  try {
    const { process } = globalThis as Platform
    const value = process?.env?.[name]
    return value === '' ? undefined : value
  } catch {
    // Deno asks for permission first, and refuses by throwing.
    return undefined
  }
}
