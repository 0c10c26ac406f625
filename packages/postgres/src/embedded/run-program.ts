/** Runs a program to its end without keeping the thread that asks: that one has a ledger to serve. */
import { spawn } from 'node:child_process'

import type { ServerUser } from './server-user.ts'

export interface Ran {
  readonly isDone: boolean
  readonly output: string
  /** What it said when it failed. */
  readonly reason: string
}

export interface Place extends ServerUser {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

export function runProgram(program: string, args: readonly string[], place: Place): Promise<Ran> {
  const child = spawn(program, args, { ...place, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let reason = ''
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (output += piece))
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (reason += piece))
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ isDone: false, output, reason: error.message }))
    child.once('close', (code) => resolve({ isDone: code === 0, output, reason: reason.trim() }))
  })
}
