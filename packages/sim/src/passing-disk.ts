/** Passes every call on, and remembers the paths of open files: what the planted disks are made from. */
import type { Disk, FileHandle, OpenMode } from '@tallystick/journal'

export class PassingDisk implements Disk {
  protected readonly disk: Disk
  protected readonly paths = new Map<FileHandle, string>()

  constructor(disk: Disk) {
    this.disk = disk
  }

  open(path: string, mode: OpenMode): FileHandle {
    const file = this.disk.open(path, mode)
    this.paths.set(file, path)
    return file
  }

  close(file: FileHandle): void {
    this.paths.delete(file)
    this.disk.close(file)
  }

  pread(file: FileHandle, target: Uint8Array, position: number): number {
    return this.disk.pread(file, target, position)
  }

  pwrite(file: FileHandle, source: Uint8Array, position: number): number {
    return this.disk.pwrite(file, source, position)
  }

  fdatasync(file: FileHandle): void {
    this.disk.fdatasync(file)
  }

  truncate(file: FileHandle, size: number): void {
    this.disk.truncate(file, size)
  }

  size(file: FileHandle): number {
    return this.disk.size(file)
  }

  rename(from: string, to: string): void {
    this.disk.rename(from, to)
  }

  unlink(path: string): void {
    this.disk.unlink(path)
  }

  readdir(path: string): string[] {
    return this.disk.readdir(path)
  }

  makeDirectory(path: string): void {
    this.disk.makeDirectory(path)
  }

  syncDirectory(path: string): void {
    this.disk.syncDirectory(path)
  }

  protected isSegment(file: FileHandle): boolean {
    return this.paths.get(file)?.endsWith('.book') ?? false
  }
}
