/**
 * A whole disk in memory that processes come and go on. It keeps apart what is seen and what is safe: contents by file, names by
 * directory. A loss of power decides about everything between the two, by the seed.
 */
import type { Prng } from '@tallystick/testkit'

import { type Mood, VirtualFile } from './virtual-file.ts'

/** One change of a directory. It survives as a whole or not at all. */
type NameChange =
  | { readonly kind: 'create'; readonly path: string; readonly file: VirtualFile }
  | {
      readonly kind: 'rename'
      readonly from: string
      readonly path: string
      readonly file: VirtualFile
    }
  | { readonly kind: 'unlink'; readonly path: string }

const MOODS: readonly Mood[] = ['kept', 'lost', 'mixed', 'mixed', 'mixed', 'mixed']

type Names = Map<string, VirtualFile>

export class VirtualDisk {
  #names: Names = new Map()
  #safeNames: Names = new Map()
  /** Unsynced changes of names, by directory. */
  readonly #changes = new Map<string, NameChange[]>()
  readonly #directories = new Set<string>()
  /** Bytes that all files may take. */
  limitBytes = Number.POSITIVE_INFINITY

  get usedBytes(): number {
    let used = 0
    for (const file of this.#names.values()) used += file.size
    return used
  }

  /** Unsynced changes of contents and names together. */
  get unsynced(): number {
    let changes = 0
    for (const file of this.#names.values()) changes += file.changes
    for (const list of this.#changes.values()) changes += list.length
    return changes
  }

  find(path: string): VirtualFile | undefined {
    return this.#names.get(path)
  }

  hasDirectory(path: string): boolean {
    return this.#directories.has(path)
  }

  makeDirectory(path: string): void {
    this.#directories.add(path)
  }

  names(directory: string): string[] {
    const prefix = `${directory}/`
    const paths = [...this.#names.keys()].filter((path) => path.startsWith(prefix))
    return paths.map((path) => path.slice(prefix.length)).filter((name) => !name.includes('/'))
  }

  create(path: string): VirtualFile {
    const file = new VirtualFile()
    this.#change({ kind: 'create', path, file })
    return file
  }

  rename(from: string, path: string, file: VirtualFile): void {
    this.#change({ kind: 'rename', from, path, file })
  }

  unlink(path: string): void {
    this.#change({ kind: 'unlink', path })
  }

  syncDirectory(path: string): void {
    for (const change of this.#changes.get(path) ?? []) apply(this.#safeNames, change)
    this.#changes.delete(path)
  }

  /** Puts a file there, whole and safe: what a plant does between two processes. */
  place(path: string, bytes: Uint8Array): void {
    const file = new VirtualFile()
    file.write(bytes, 0)
    file.sync()
    this.#names.set(path, file)
    this.#safeNames.set(path, file)
  }

  losePower(prng: Prng): Mood {
    const mood: Mood = prng.pick(MOODS)
    for (const changes of this.#changes.values()) {
      for (const change of survivors(prng, mood, changes)) apply(this.#safeNames, change)
    }
    this.#changes.clear()
    this.#names = new Map(this.#safeNames)
    for (const file of new Set(this.#names.values())) file.losePower(prng, mood)
    return mood
  }

  #change(change: NameChange): void {
    const directory = change.path.slice(0, change.path.lastIndexOf('/'))
    apply(this.#names, change)
    const list = this.#changes.get(directory)
    if (list === undefined) this.#changes.set(directory, [change])
    else list.push(change)
  }
}

function apply(names: Names, change: NameChange): void {
  if (change.kind !== 'create') names.delete(change.kind === 'rename' ? change.from : change.path)
  if (change.kind !== 'unlink') names.set(change.path, change.file)
}

/** A file system with a journal keeps the first few of a directory's changes; another may keep any of them. */
function survivors(prng: Prng, mood: Mood, changes: readonly NameChange[]): readonly NameChange[] {
  if (mood === 'kept') return changes
  if (mood === 'lost') return []
  if (prng.once(2)) return changes.slice(0, prng.below(changes.length + 1))
  return changes.filter(() => prng.once(2))
}
