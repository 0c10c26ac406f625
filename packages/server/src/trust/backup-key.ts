/** The key that signs backups: in the keys directory, made when it is first used. It signs nothing of the log. */
import { join } from 'node:path'

import type { SigningKey } from '@tallystick/proof'
import { SignatureType } from '@tallystick/verify'

import { openKeyDirectory, openKeyFile } from './key-file.ts'

const FILE_NAME = 'backup.key'
const KEY_NAME = 'tallystick/backup'

/** @throws StartRefused when the directory or the key in it cannot be trusted. */
export function openBackupKey(directory: string): SigningKey {
  openKeyDirectory(directory)
  return openKeyFile(join(directory, FILE_NAME), {
    name: KEY_NAME,
    type: SignatureType.ed25519,
  })
}
