/** A log as an auditor is given it: all files with their openings, and a checkpoint signed over them. */
import type { Disk } from '@tallystick/journal'
import { SigningKey, signCheckpoint } from '@tallystick/proof'
import {
  type LogReport,
  SignatureType,
  type TrustPolicy,
  trustPolicy,
  verifyLog,
} from '@tallystick/verify'

import { writeLogFiles } from '../src/index.ts'

const ORIGIN = 'ledger.example/log'

export interface ShownLog {
  readonly files: Map<string, Uint8Array>
  readonly events: number
  readonly root: Uint8Array
}

export async function showLog(
  options: { directory: string; disk: Disk },
  openings = true,
): Promise<ShownLog> {
  const files = new Map<string, Uint8Array>()
  const report = await writeLogFiles({ ...options, openings }, (path, bytes) =>
    files.set(path, bytes.slice()),
  )
  return { files, ...report }
}

const key = SigningKey.generate(ORIGIN, SignatureType.ed25519)
const policy: TrustPolicy = trustPolicy({ keys: [key.vkey] })

/** By a key that whoever shows it has. */
export function audited(
  { files, events, root }: ShownLog,
  more: { needsOpenings?: boolean } = {},
): Promise<LogReport> {
  const checkpoint = signCheckpoint(
    { origin: ORIGIN, size: BigInt(events), root, extensions: [] },
    [key],
  )
  const read = (path: string) => Promise.resolve(files.get(path))
  return verifyLog({ source: { read }, checkpoint, ...more }, policy)
}

/** What is wrong, as `name: sentence`. */
export const wrongIn = ({ checks }: LogReport): string[] =>
  checks.filter(({ holds }) => !holds).map(({ name, sentence }) => `${name}: ${sentence}`)
