/** Where a client keeps what it saw of the logs: files where there are any, else the memory of this program. */
import { sha256 } from '@tallystick/verify'

/** Keeps one text for each server. Whatever it rejects with, requests go on. */
export interface SeenStore {
  /** @param url of the server. @returns undefined when there is none */
  readonly read: (url: string) => Promise<string | undefined>
  /** In place of what was there; undefined: nothing is there any more. */
  readonly write: (url: string, text: string | undefined) => Promise<void>
  /** What people find it by, like the path of a file; for the sentences of alarms. */
  readonly place?: (url: string) => string
}

/** For as long as the program runs. */
export function memoryStore(): SeenStore {
  const texts = new Map<string, string>()
  return {
    read: async (url) => texts.get(url),
    write: async (url, text) => {
      if (text === undefined) texts.delete(url)
      else texts.set(url, text)
    },
  }
}

/** The part of `node:fs/promises` that is needed here. */
interface Files {
  readFile(path: string, encoding: 'utf8'): Promise<string>
  writeFile(path: string, text: string, options: { mode: number }): Promise<void>
  rename(from: string, to: string): Promise<void>
  rm(path: string, options: { force: boolean }): Promise<void>
  mkdir(path: string, options: { recursive: boolean; mode: number }): Promise<unknown>
}

interface Platform {
  readonly process?: {
    readonly pid?: number
    readonly platform?: string
    readonly env?: Readonly<Record<string, string | undefined>>
    readonly versions?: { readonly node?: string }
    readonly getBuiltinModule?: (name: string) => object | undefined
  }
  /** It would ask the person for permission. */
  readonly Deno?: object
}

/**
 * A file for each server, which other programs of this person share.
 * @returns undefined where there are no files: in browsers, or without a home directory.
 */
export function fileStore(directory: string | undefined = stateDirectory()): SeenStore | undefined {
  const { process } = globalThis as Platform
  // Not imported: what imports it does not run in a browser.
  const files = process?.getBuiltinModule?.('node:fs/promises') as Files | undefined
  if (files === undefined || directory === undefined) return undefined
  const pathOf = (url: string): string => `${directory}/${fileName(url)}`
  return {
    place: pathOf,
    async read(url) {
      try {
        return await files.readFile(pathOf(url), 'utf8')
      } catch (error) {
        if ((error as { readonly code?: unknown }).code === 'ENOENT') return undefined
        throw error
      }
    },
    async write(url, text) {
      const path = pathOf(url)
      if (text === undefined) return files.rm(path, { force: true })
      await files.mkdir(directory, { recursive: true, mode: 0o700 })
      // Replaced as a whole: no other program reads half of it.
      const draft = `${path}.${process?.pid ?? 0}.next`
      await files.writeFile(draft, text, { mode: 0o600 })
      await files.rename(draft, path)
    },
  }
}

/**
 * `TALLY_STATE`, else `tallystick` below the person's state directory (XDG_STATE_HOME, `~/.local/state`, on Windows LOCALAPPDATA).
 * @param env default: that of the process. @returns undefined when it names none
 */
export function stateDirectory(
  env: Readonly<Record<string, string | undefined>> = environment(),
): string | undefined {
  const { TALLY_STATE, XDG_STATE_HOME, LOCALAPPDATA, HOME } = env
  if (TALLY_STATE) return TALLY_STATE
  const above = XDG_STATE_HOME || LOCALAPPDATA || (HOME && `${HOME}/.local/state`)
  return above ? `${above}/tallystick` : undefined
}

function environment(): Readonly<Record<string, string | undefined>> {
  const { process, Deno } = globalThis as Platform
  return Deno === undefined ? (process?.env ?? {}) : {}
}

/** One that people recognise, and that no two servers share. */
function fileName(url: string): string {
  const digest = sha256(new TextEncoder().encode(url)).subarray(0, 4)
  const id = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  const readable = url.replaceAll(/[^A-Za-z0-9.-]+/g, '_').slice(0, 100)
  return `seen-${readable}-${id}.json`
}
