/** What a backup takes from the keys directory and the running server: a signature, a checkpoint; and what it tells that server. */
import { rename, writeFile } from 'node:fs/promises'
import type { BackupOptions, CheckSignature, Checkpoints, ShippedEvents } from '@tallystick/backup'
import { usageError } from '../failure.ts'
import type { Session } from '../session.ts'

interface Signing {
  readonly options: Pick<BackupOptions, 'sign' | 'checkpoints'>
  /** With what `restore --signed-by` checks; undefined: nothing is signed. */
  readonly vkey: string | undefined
}

/** @throws StartRefused when the keys directory, or the key in it, cannot be trusted. */
export async function signingOf(session: Session, given: string | undefined): Promise<Signing> {
  const directory = session.keys(given)
  const checkpoints = checkpointsOf(session, directory)
  if (directory === undefined) return { options: { checkpoints }, vkey: undefined }
  const { openBackupKey } = await import('@tallystick/server')
  const { manifestSigner } = await import('@tallystick/backup')
  const key = openBackupKey(directory)
  return { options: { checkpoints, sign: manifestSigner(key) }, vkey: key.vkey }
}

/** What the server keeps beside its keys is newer than what it answers, or the same. */
function checkpointsOf(session: Session, directory: string | undefined): Checkpoints {
  return async () => {
    const { readKeptCheckpoint } = await import('@tallystick/server')
    const kept = directory === undefined ? undefined : await readKeptCheckpoint(directory)
    if (kept !== undefined) return kept
    const { urlGiven } = session
    return urlGiven === undefined ? undefined : fetchCheckpoint(urlGiven)
  }
}

/** Public, so no key is needed. @returns undefined when there is none, or no server: a backup does not depend on one. */
async function fetchCheckpoint(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(new URL('/v1/log/checkpoint', url))
    return response.ok ? await response.text() : undefined
  } catch {
    return undefined
  }
}

/** @throws CommandError */
export async function checkOf(vkey: string): Promise<CheckSignature> {
  const { parseVerifierKey } = await import('@tallystick/verify')
  const { manifestCheck } = await import('@tallystick/backup')
  try {
    return manifestCheck(parseVerifierKey(vkey))
  } catch (error) {
    throw usageError(`--signed-by: ${error instanceof Error ? error.message : String(error)}.`)
  }
}

/** Replaced as a whole: the server that reads it never sees half of it. Needs no sync, since a server does not believe an old one. */
export function markerWriter(path: string): (shipped: ShippedEvents) => Promise<void> {
  return async (shipped) => {
    await writeFile(
      `${path}.next`,
      `${JSON.stringify({ ...shipped, written_at: new Date().toISOString() })}\n`,
    )
    await rename(`${path}.next`, path)
  }
}
