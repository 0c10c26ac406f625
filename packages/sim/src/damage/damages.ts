/** What can happen to a file without a crash: bits that rot, sectors that are lost or land elsewhere, files of another time. */
import type { MemoryDisk } from '@tallystick/journal'
import type { Prng } from '@tallystick/testkit'

const SECTOR_BYTES = 512

interface Target {
  readonly disk: MemoryDisk
  readonly path: string
  /** The same file at an earlier time; undefined: it was not there. */
  readonly older: Buffer | undefined
}

/** False: nothing was changed. */
export type Damage = (prng: Prng, target: Target) => boolean

/** Changes the file's bytes; false when they are the same afterwards. */
const rewriting =
  (change: (prng: Prng, bytes: Buffer, target: Target) => Buffer | undefined): Damage =>
  (prng, target) => {
    const before = target.disk.contents(target.path)
    const after = before.length === 0 ? undefined : change(prng, Buffer.from(before), target)
    if (after === undefined || after.equals(before)) return false
    target.disk.place(target.path, after)
    return true
  }

const sectorAt = (prng: Prng, bytes: Buffer): number =>
  SECTOR_BYTES * prng.below(Math.ceil(bytes.length / SECTOR_BYTES))

export const DAMAGES = {
  'a flipped bit': rewriting((prng, bytes) => {
    const at = prng.below(bytes.length)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << prng.below(8))
    return bytes
  }),
  'a lost sector': rewriting((prng, bytes) => {
    const at = sectorAt(prng, bytes)
    return bytes.fill(0, at, Math.min(bytes.length, at + SECTOR_BYTES))
  }),
  'two sectors swapped': rewriting((prng, bytes) => {
    const [one, other] = [sectorAt(prng, bytes), sectorAt(prng, bytes)]
    const length = Math.min(SECTOR_BYTES, bytes.length - Math.max(one, other))
    const kept = Buffer.from(bytes.subarray(one, one + length))
    bytes.copy(bytes, one, other, other + length)
    kept.copy(bytes, other)
    return bytes
  }),
  'a misdirected write': rewriting((prng, bytes, { disk, path }) => {
    const directory = path.slice(0, path.lastIndexOf('/'))
    const other = disk.contents(`${directory}/${prng.pick(disk.readdir(directory))}`)
    if (other.length === 0) return undefined
    const from = sectorAt(prng, other)
    other.copy(bytes, sectorAt(prng, bytes), from, from + SECTOR_BYTES)
    return bytes
  }),
  'a tail cut off': rewriting((prng, bytes) => bytes.subarray(0, prng.below(bytes.length))),
  'an older file': rewriting((_, __, { older }) => older),
  'a file removed': (_, { disk, path }) => {
    disk.unlink(path)
    return true
  },
} as const satisfies Record<string, Damage>

export type DamageName = keyof typeof DAMAGES
export const DAMAGE_NAMES = Object.keys(DAMAGES) as DamageName[]
