/** A log at one moment: what a signer signed last, and a witness cosigned last; and the text in which both are kept. */
import { fromBase64, HASH_SIZE, parseTreeSize, toBase64, treeRoot } from '@tallystick/verify'

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
  const fields = { format, origin, size: `${head.size}`, root: toBase64(head.root), refusal }
  const behind = isBehind === true ? { behind: true } : {}
  return `${JSON.stringify({ ...fields, ...behind }, null, 2)}\n`
}

/** @param expected format that the record must have, and origin; without one, any. @throws RecordUnreadable */
export function parseHeadRecord(
  text: string,
  expected: { readonly format: string; readonly origin?: string },
): HeadRecord {
  const fields = parseObject(text)
  const { format, origin, refusal } = fields
  const size = typeof fields['size'] === 'string' ? parseTreeSize(fields['size']) : undefined
  const root = typeof fields['root'] === 'string' ? fromBase64(fields['root']) : undefined
  if (format !== expected.format || typeof origin !== 'string') throw damaged()
  if (size === undefined || root?.length !== HASH_SIZE) throw damaged()
  if (expected.origin !== undefined && origin !== expected.origin) {
    throw new RecordUnreadable(
      `The record of what was signed last is of ${origin}, not of ${expected.origin}.`,
    )
  }
  const record = { origin, head: { size, root } }
  if (refusal === undefined) return record
  if (typeof refusal !== 'string') throw damaged()
  return { ...record, refusal, isBehind: fields['behind'] === true }
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
