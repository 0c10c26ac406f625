/** Whatever a run leaves behind when it ends, however it ends: child processes are killed, directories removed. */
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const children = new Set<ChildProcess>()
const directories = new Set<string>()

/** Killed when this process ends before it. */
export function endWithUs(child: ChildProcess): ChildProcess {
  children.add(child)
  child.once('exit', () => children.delete(child))
  return child
}

/** A new directory that does not outlive this process. */
export function makeDirectory(under: string): string {
  const directory = mkdtempSync(join(under, 'tally-bench-'))
  directories.add(directory)
  return directory
}

export function removeDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true })
  directories.delete(directory)
}

/** To be called once, by the program. */
export function cleanUpOnExit(): void {
  process.on('exit', () => {
    for (const child of children) child.kill('SIGKILL')
    for (const directory of directories)
      rmSync(directory, { recursive: true, force: true, maxRetries: 3 })
  })
  process.on('SIGINT', () => process.exit(130))
  process.on('SIGTERM', () => process.exit(143))
}
