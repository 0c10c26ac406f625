/**
 * The port to where backups lie: named objects, each written as a whole. An object is there with all its bytes or not at all, and
 * once `write` has resolved it survives a loss of power.
 */

export interface StoredObject {
  readonly name: string
  readonly bytes: number
  /** ms since 1970. */
  readonly writtenAt: number
}

/** Names are relative, of lower-case letters, digits, `.`, `-` and `/`. Calls reject with `StoreFailed`. */
export interface BackupStore {
  /** The destination as a person wrote it. */
  readonly name: string
  /** Objects whose name begins with `prefix`, which ends with `/`, in no particular order. */
  list(prefix: string): Promise<StoredObject[]>
  /** All bytes of an object; undefined when there is none. */
  read(name: string): Promise<Buffer | undefined>
  /** Puts an object there, in place of one that has the name. */
  write(name: string, bytes: Uint8Array): Promise<void>
  /** Fine when there is none. */
  remove(name: string): Promise<void>
  close(): void
}
