/** A log that signs its checkpoints, and witnesses on free ports, for the tests of both ends of `add-checkpoint`. */
import { join } from 'node:path'

import { formatAddCheckpoint, signCheckpoint, SigningKey } from '@tallystick/proof'
import { type SlowTree } from '@tallystick/testkit'
import { SignatureType } from '@tallystick/verify'
import { onTestFinished } from 'vitest'

import { type RunningWitness, startWitness } from '../src/trust/witness-server.ts'
import { scratchDirectory } from './server-process.ts'

export const ORIGIN = 'ledger.example/log'
export const logKey = SigningKey.generate(ORIGIN, SignatureType.ed25519)

/** The signed checkpoint of a tree's first leaves. */
export const noteOf = (tree: SlowTree, size = tree.size): string =>
  signCheckpoint({ origin: ORIGIN, ...tree.head(size), extensions: [] }, [logKey])

export interface TestWitness extends RunningWitness {
  readonly directory: string
  readonly alarms: string[]
  readonly failures: unknown[]
}

/** Closed with the test. */
export async function runWitness(
  name: string,
  directory = join(scratchDirectory(), 'witness'),
): Promise<TestWitness> {
  const alarms: string[] = []
  const failures: unknown[] = []
  const running = await startWitness({
    directory,
    name,
    logKeys: [logKey.verifierKey],
    listen: { host: '127.0.0.1', port: 0 },
    onAlarm: (sentence) => alarms.push(sentence),
    onFailure: (error) => failures.push(error),
  })
  onTestFinished(() => running.close())
  return { ...running, directory, alarms, failures }
}

export interface Submission {
  readonly tree: SlowTree
  readonly old: number
  /** All of the tree, when nothing else is said. */
  readonly size?: number
}

/** `add-checkpoint` as a log sends it. */
export function submit(url: string, { tree, old, size }: Submission): Promise<Response> {
  const proof = tree.consistency(old, size)
  const body = formatAddCheckpoint(BigInt(old), proof, noteOf(tree, size))
  return fetch(`${url}/add-checkpoint`, { method: 'POST', body })
}
