/** Files and directories that the command line names. */
import { readFileSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'

import { httpSource, SourceUnreadable, type TileSource } from '../index.ts'
import { UsedWrongly } from './exit-code.ts'

const STANDARD_INPUT = 0

/** @param name `-` is the standard input. @throws UsedWrongly when it cannot be read */
export function readNamed(name: string): Uint8Array {
  try {
    return readFileSync(name === '-' ? STANDARD_INPUT : name)
  } catch (cause) {
    throw new UsedWrongly(`${name} cannot be read${codeOf(cause)}`, { cause })
  }
}

/** The verifier for browsers of this version, which is beside the command where the whole package is. */
export function ownVerifier(): string | undefined {
  try {
    const path = createRequire(import.meta.url).resolve('@tallystick/verify/browser')
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** An API key, from the command line or the first line of a file. It is never printed, not even when it is wrong. @throws UsedWrongly */
export function tokenOf(given: {
  readonly token: string | undefined
  readonly tokenFile: string | undefined
}): string | undefined {
  const { token, tokenFile } = given
  const text = tokenFile === undefined ? token : Buffer.from(readNamed(tokenFile)).toString().trim()
  if (text === undefined || /^[\x21-\x7e]+$/.test(text)) return text
  throw new UsedWrongly('The API key is empty, or has a character that no key has')
}

/** Tiles in a directory or on the web. @param token for the web alone. @throws UsedWrongly when there is no such directory */
export function sourceOf(place: string, token?: string): TileSource {
  if (/^https?:\/\//.test(place)) return httpSource(place, token)
  if (statSync(place, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new UsedWrongly(`${place} is not a directory, nor an http or https address`)
  }
  return directorySource(place)
}

function directorySource(directory: string): TileSource {
  return {
    async read(path) {
      try {
        return await readFile(join(directory, path))
      } catch (cause) {
        if (['ENOENT', 'ENOTDIR'].some((code) => hasCode(cause, code))) return undefined
        throw new SourceUnreadable(`${join(directory, path)} cannot be read${codeOf(cause)}`, {
          cause,
        })
      }
    },
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
