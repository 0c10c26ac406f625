/** A planted bug: the manifest of the sealed runs says that a family's runs are empty, so nobody makes them again. */
import { crc32 } from 'node:zlib'

import { DIRECTORY } from './groups.ts'
import type { VirtualDisk } from './virtual-disk.ts'

const FAMILIES = { ids: 1, requests: 3 } as const
const MANIFEST = `${DIRECTORY}/ids/manifest`

interface Manifest {
  readonly runs: readonly { readonly family: number }[]
}

export function emptyRuns(disk: VirtualDisk, family: keyof typeof FAMILIES): void {
  const [line, checksum] = disk.find(MANIFEST)?.bytes().toString('latin1').split('\n') ?? []
  if (line === undefined || checksum !== checksumOf(line)) return
  const manifest = JSON.parse(line) as Manifest
  const runs = manifest.runs.map((run) =>
    run.family === FAMILIES[family] ? { ...run, entries: 0, blocks: 0 } : run,
  )
  const changed = JSON.stringify({ ...manifest, runs })
  disk.place(MANIFEST, Buffer.from(`${changed}\n${checksumOf(changed)}\n`, 'latin1'))
}

const checksumOf = (line: string): string => crc32(line).toString(16).padStart(8, '0')
