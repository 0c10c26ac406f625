/** The server as a process of its own, over directories of its own; ended with the test. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { onTestFinished } from 'vitest'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

export interface ServerProcess {
  readonly child: ChildProcess
  /** All that it has written, to both of its outputs. */
  readonly text: () => string
  readonly said: (pattern: RegExp) => Promise<RegExpExecArray>
  readonly exit: Promise<number | null>
}

/** Removed when the test is over. */
export function scratchDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'tally-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** Arguments for data and keys in one directory, and any free port; for the ledger alone. */
export const places = (path: string): string[] => [
  ...['--data', join(path, 'data'), '--keys', join(path, 'keys'), '--listen', '127.0.0.1:0'],
  ...['--database', 'off'],
]

export function startProcess(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  nodeArgs: readonly string[] = [],
): ServerProcess {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('TALLY_'))
  const child = spawn(process.execPath, [...nodeArgs, MAIN, ...args], {
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  const wake = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (piece: string) => {
      text += piece
      for (const each of wake) each()
    })
  }
  const exit = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)))
  const said = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(text)
        if (found !== null) resolve(found)
      }
      wake.add(look)
      look()
      void exit.then(() => reject(new Error(`ended before it said ${pattern}:\n${text}`)))
    })
  onTestFinished(() => void child.kill('SIGKILL'))
  return { child, text: () => text, said, exit }
}

/** Where it listens, once it is ready. */
export async function urlOf(server: ServerProcess): Promise<string> {
  await server.said(/^ready/m)
  const [, url = ''] = await server.said(/(http:\S+)$/m)
  return url
}
