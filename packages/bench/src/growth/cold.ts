/** Makes the machine forget what it keeps of files in memory, as far as it can be told to: the disk has to be asked again. */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** With `count=0` GNU dd copies nothing, and gives the kernel's copy of the whole file back. */
const FORGET = ['iflag=nocache', 'count=0', 'status=none']

/** @returns whether it could be told; what the disk or its host keep is beyond reach. */
export function forgetFiles(directory: string): boolean {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
  return files.every((path) => spawnSync('dd', [`if=${path}`, ...FORGET]).status === 0)
}
