/** Checkpoints of the proof log as a backup keeps them: somebody else's signed notes, of which it reads the size and the root. */
import {
  type Checkpoint,
  MalformedCheckpoint,
  MalformedNote,
  parseCheckpoint,
  parseNote,
} from '@tallystick/verify'

import { BackupRefused } from './errors.ts'

/** Gives the newest checkpoint there is, a signed note; undefined: none is known. */
export type Checkpoints = () => Promise<string | undefined>

/** @throws BackupRefused when it is none. */
export function checkpointOf(note: string): Checkpoint {
  try {
    return parseCheckpoint(parseNote(note).text)
  } catch (error) {
    if (!(error instanceof MalformedNote || error instanceof MalformedCheckpoint)) throw error
    throw new BackupRefused(`The checkpoint cannot be read: ${error.message}.`, { cause: error })
  }
}

/** All its events are among the first `sequence`. @throws BackupRefused when it is no checkpoint. */
export function isCovered(note: string, sequence: number): boolean {
  return checkpointOf(note).size <= BigInt(sequence)
}
