/**
 * The disk port: every file access of the journal goes through these synchronous calls, so that a
 * test or the simulator can stand a faulty disk in for the real one. Nothing here may pass through
 * libuv's pool: a busy pool made a 0.1 ms sync take 10 ms (measured). What `fetch` asks for is nobody's sync.
 */

/** A file that this disk has open. */
export type FileHandle = number

/** How a file is opened: `read` and `write` want it to exist, `create` makes it when it does not. */
export type OpenMode = 'read' | 'write' | 'create'

/**
 * Calls fail by throwing an `Error` whose `code` is the system's (`ENOSPC`, `ENOENT`, `EIO`, …).
 * Paths are whole paths; the journal joins its directory and file names with `/`.
 */
export interface Disk {
  open(path: string, mode: OpenMode): FileHandle
  close(file: FileHandle): void
  /** Reads at `position` into the whole of `target`; returns the bytes read, fewer only at the end of the file. */
  pread(file: FileHandle, target: Uint8Array, position: number): number
  /**
   * Brings a part of a file into the system's cache without stopping this thread, so that `pread` finds it there. A hint: it never
   * fails. A disk that has nothing slow about it has no such call.
   */
  fetch?(file: FileHandle, position: number, length: number): Promise<void>
  /** Writes all of `source` at `position`; returns the bytes written. The journal takes fewer as a failure. */
  pwrite(file: FileHandle, source: Uint8Array, position: number): number
  /** Returns once the file's data, and what is needed to find it, would survive a loss of power. */
  fdatasync(file: FileHandle): void
  truncate(file: FileHandle, size: number): void
  size(file: FileHandle): number
  rename(from: string, to: string): void
  unlink(path: string): void
  /** Names in a directory, without their path, in no particular order. */
  readdir(path: string): string[]
  /** Makes a directory and its parents; fine when it exists. */
  makeDirectory(path: string): void
  /** fsync of a directory: makes created, renamed and removed names durable. */
  syncDirectory(path: string): void
}

/** The `code` of a failed disk call, or the empty string. */
export function diskErrorCode(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return ''
  return typeof error.code === 'string' ? error.code : ''
}

/** True when a call failed for want of space: the only failure that the journal expects to pass. */
export function isOutOfSpace(error: unknown): boolean {
  const code = diskErrorCode(error)
  return code === 'ENOSPC' || code === 'EDQUOT'
}
