/**
 * The newest public checkpoint as a file in the keys directory: for backups, which take it along, and for people after a loss. It is
 * public, and who loses it loses nothing that `signer.json` does not say too, so it is not synced.
 */
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { diskErrorCode } from '@tallystick/journal'

const FILE_NAME = 'checkpoint'

export async function keepCheckpoint(directory: string, note: string): Promise<void> {
  const path = join(directory, FILE_NAME)
  await writeFile(`${path}.next`, note, { mode: 0o600 })
  await rename(`${path}.next`, path)
}

/** @returns undefined when there is none yet. */
export async function readKeptCheckpoint(directory: string): Promise<string | undefined> {
  try {
    return await readFile(join(directory, FILE_NAME), 'utf8')
  } catch (error) {
    if (diskErrorCode(error) === 'ENOENT') return undefined
    throw error
  }
}
