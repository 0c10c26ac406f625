/** A log at one moment: what a signer signed last, and a witness cosigned last; and the text in which both are kept. */
import { hash } from 'node:crypto'

import { fromBase64, HASH_SIZE, parseTreeSize, toBase64, treeRoot } from '@tallystick/verify'

/** Of a record; one with a name that is none of them is damaged. */
const FIELDS = new Set(['format', 'origin', 'size', 'root', 'checksum', 'refusal', 'behind'])

export interface TreeHead {
  /** Leaves. */
  readonly size: bigint
  /** 32 bytes. */
  readonly root: Uint8Array
}

/** With which every log begins. */
export const EMPTY_TREE: TreeHead = { size: 0n, root: treeRoot([]) }

export interface HeadRecord {
  /** Of the log: a record of another one is never taken for this one's. */
  readonly origin: string
  readonly head: TreeHead
  /** Of a signer: why nothing is signed any more. A sentence for people, who alone may take it away. */
  readonly refusal?: string
  /** Of a refusal: the log had fewer leaves than were signed of it. */
  readonly isBehind?: boolean
}

/** A record that is damaged, or of another log. It is never taken for none: nothing may be signed without knowing what was. */
export class RecordUnreadable extends Error {
  override readonly name = 'RecordUnreadable'
}

export function formatHeadRecord(format: string, record: HeadRecord): string {
  const { origin, head, refusal, isBehind } = record
  const said = { origin, size: `${head.size}`, root: toBase64(head.root) }
  const behind = isBehind === true ? { behind: true } : {}
  const fields = { format, ...said, checksum: checksumOf(said), refusal, ...behind }
  return `${JSON.stringify(fields, null, 2)}\n`
}

/** @param expected format that the record must have, and origin; without one, any. @throws RecordUnreadable */
export function parseHeadRecord(
  text: string,
  expected: { readonly format: string; readonly origin?: string },
): HeadRecord {
  const fields = parseObject(text)
  const { format, origin, refusal, checksum } = fields
  const said = { origin, size: fields['size'], root: fields['root'] }
  if (format !== expected.format || !isText(said)) throw damaged()
  const size = parseTreeSize(said.size)
  const root = fromBase64(said.root)
  if (Object.keys(fields).some((name) => !FIELDS.has(name))) throw damaged()
  // Records of older versions have none.
  if (checksum !== undefined && checksum !== checksumOf(said)) throw damaged()
  if (size === undefined || root?.length !== HASH_SIZE) throw damaged()
  if (expected.origin !== undefined && said.origin !== expected.origin) {
    throw new RecordUnreadable(
      `The record of what was signed last is of ${said.origin}, not of ${expected.origin}.`,
    )
  }
  const record = { origin: said.origin, head: { size, root } }
  if (refusal === undefined) return record
  if (typeof refusal !== 'string') throw damaged()
  return { ...record, refusal, isBehind: fields['behind'] === true }
}

type Said = Readonly<Record<'origin' | 'size' | 'root', string>>

const isText = (said: Readonly<Record<keyof Said, unknown>>): said is Said =>
  Object.values(said).every((value) => typeof value === 'string')

/** The first 8 hexadecimal digits of SHA-256. A flipped bit must not look like another history, which is an alarm. */
function checksumOf({ origin, size, root }: Said): string {
  return hash('sha256', `${origin}\n${size}\n${root}\n`, 'hex').slice(0, 8)
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch (error) {
    throw damaged(error)
  }
  throw damaged()
}

function damaged(cause?: unknown): RecordUnreadable {
  return new RecordUnreadable(
    'The record of what was signed last cannot be read. Restore it: without it, a second history could be signed.',
    { cause },
  )
}
