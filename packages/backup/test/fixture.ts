/** What the tests share: directories that are removed, a small ledger that fills several segments, and processes that are ended. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { openLedger, type TallyLedger, verifyLedger } from '@tallystick/engine'
import { Prng } from '@tallystick/testkit'
import { onTestFinished } from 'vitest'

/** Groups and segments so small that a few thousand transfers fill several. */
export const SIZES = { groupBytes: 96 * 1024, segmentBytes: 400 * 1024 }

export const ACCOUNTS = 20

/** Removed when the test is over. */
export function scratchDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'tally-backup-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

export async function openSmall(directory: string): Promise<TallyLedger> {
  const ledger = await openLedger({ directory, sizes: SIZES, snapshotEveryBytes: 1024 * 1024 })
  if ((await ledger.lookupAccounts([1n]))[0] !== undefined) return ledger
  const accounts = Array.from({ length: ACCOUNTS }, (_, index) => BigInt(index + 1))
  await ledger.createAccounts(
    accounts.map((id) => ({ id, address: `users:${id}`, asset: 978, code: 1 })),
  )
  return ledger
}

/** One call with a key; some transfers are refused. @returns newest sequence of the answer's ledger. */
export async function book(ledger: TallyLedger, prng: Prng, key: string): Promise<void> {
  const transfers = Array.from({ length: 1 + prng.below(40) }, () => {
    const debit = 1 + prng.below(ACCOUNTS)
    return {
      id: prng.u128() | 1n,
      debitAccountId: BigInt(debit),
      creditAccountId: prng.once(30) ? 999n : BigInt((debit % ACCOUNTS) + 1),
      ...{ amount: BigInt(1 + prng.below(1_000)), asset: 978, code: 1 },
      metadata: Buffer.from(prng.once(5) ? JSON.stringify({ key }) : ''),
    }
  })
  await ledger.createTransfers(transfers, { key })
}

/** A closed directory with some history. */
export async function writtenDirectory(path: string, calls: number, seed = 1): Promise<string> {
  const ledger = await openSmall(path)
  await more(ledger, calls, seed)
  await ledger.close()
  return path
}

export async function more(ledger: TallyLedger, calls: number, seed: number): Promise<void> {
  const prng = new Prng(seed)
  for (let call = 0; call < calls; call++) await book(ledger, prng, `${seed}-${call}`)
}

/** Opens, books more, closes. */
export async function grow(path: string, calls: number, seed: number): Promise<void> {
  const ledger = await openSmall(path)
  await more(ledger, calls, seed)
  await ledger.close()
}

export async function hashesOf(directory: string) {
  const { sound, problems, contentHash, stateHash, lastSequence } = await verifyLedger({
    directory,
  })
  return { sound, problems, contentHash, stateHash, lastSequence }
}

export interface Child {
  readonly process: ChildProcess
  readonly lines: string[]
  /** Resolves with the first line that matches, also one that came before. */
  readonly said: (pattern: RegExp) => Promise<string>
  readonly exit: Promise<number | null>
}

/** A script beside the tests as a process of its own. */
export function startChild(script: string, ...args: readonly string[]): Child {
  const path = fileURLToPath(new URL(script, import.meta.url))
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines: string[] = []
  const wake = new Set<() => void>()
  let rest = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    lines.push(...parts)
    for (const each of wake) each()
  })
  const exit = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)))
  onTestFinished(() => void child.kill('SIGKILL'))
  const said = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const line = lines.find((each) => pattern.test(each))
        if (line !== undefined) resolve(line)
      }
      wake.add(look)
      look()
      void exit.then((code) => reject(new Error(`ended with ${code} before it said ${pattern}`)))
    })
  return { process: child, lines, said, exit }
}

/** Files under a directory, relative. */
export function filesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(directory, name)).isFile())
    .sort()
}

/** The frames of a directory's book as bytes, without what lies behind the last. */
export function bookBytes(directory: string): Buffer {
  const path = join(directory, 'book')
  const names = readdirSync(path).filter((name) => name.endsWith('.book'))
  return Buffer.concat(names.sort().map((name) => readFileSync(join(path, name))))
}
