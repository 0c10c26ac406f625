/** The disk port over node:fs. Only the synchronous calls, which do not go through libuv's pool; `fetch` alone does. */
import fs from 'node:fs'
import { dirname } from 'node:path'

import type { Disk, FileHandle, OpenMode } from './disk.ts'

const FLAGS: Record<OpenMode, number> = {
  read: fs.constants.O_RDONLY,
  write: fs.constants.O_RDWR,
  create: fs.constants.O_RDWR | fs.constants.O_CREAT,
}

/** Where bytes go that are only to pass through the system's cache. */
const UNSEEN = Buffer.alloc(256 * 1024)

/** Whoever can read the book can read every balance: files and directories are the owner's alone. */
const FILE_MODE = 0o600
const DIRECTORY_MODE = 0o700

export class RealDisk implements Disk {
  open(path: string, mode: OpenMode): FileHandle {
    return fs.openSync(path, FLAGS[mode], FILE_MODE)
  }

  close(file: FileHandle): void {
    fs.closeSync(file)
  }

  pread(file: FileHandle, target: Uint8Array, position: number): number {
    let done = 0
    while (done < target.length) {
      const read = fs.readSync(file, target, done, target.length - done, position + done)
      if (read === 0) break
      done += read
    }
    return done
  }

  fetch(file: FileHandle, position: number, length: number): Promise<void> {
    return new Promise((resolve) => {
      // A handle that was closed meanwhile is an error, or another file: either way nobody looks at the bytes.
      fs.read(file, UNSEEN, 0, Math.min(length, UNSEEN.length), position, () => resolve())
    })
  }

  pwrite(file: FileHandle, source: Uint8Array, position: number): number {
    return fs.writeSync(file, source, 0, source.length, position)
  }

  fdatasync(file: FileHandle): void {
    fs.fdatasyncSync(file)
  }

  truncate(file: FileHandle, size: number): void {
    fs.ftruncateSync(file, size)
  }

  size(file: FileHandle): number {
    return fs.fstatSync(file).size
  }

  rename(from: string, to: string): void {
    fs.renameSync(from, to)
  }

  unlink(path: string): void {
    fs.unlinkSync(path)
  }

  readdir(path: string): string[] {
    return fs.readdirSync(path)
  }

  makeDirectory(path: string): void {
    const first = fs.mkdirSync(path, { recursive: true, mode: DIRECTORY_MODE })
    if (first === undefined) return
    // The names of all new directories must survive a loss of power, or everything below is lost with them.
    for (let made = path; made.length >= first.length; made = dirname(made)) {
      this.syncDirectory(dirname(made))
    }
  }

  syncDirectory(path: string): void {
    const directory = fs.openSync(path, fs.constants.O_RDONLY)
    try {
      fs.fsyncSync(directory)
    } finally {
      fs.closeSync(directory)
    }
  }
}
