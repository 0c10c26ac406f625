/** Statements about all accounts (docs/decisions/0014-accounts-roots.md): their bytes in the log, and the list of them beside it. */
import { Operation, type RecordCursor } from '@tallystick/ledger'

/** What a statement says, and where it stands in the log. */
export interface AccountsRoot {
  /** Sequence of the event after which accounts were as it says. */
  readonly through: number
  /** Of the statement's own event. */
  readonly sequence: number
  /** Of the statement's event, ns since 1970. */
  readonly timestamp: bigint
  readonly accounts: number
  /** Of the tree over all accounts, 32 bytes. */
  readonly root: Uint8Array
}

export type AccountsState = Pick<AccountsRoot, 'through' | 'accounts' | 'root'>

/** In the list of `proofs/roots`: through u64 · sequence u64 · timestamp u64 · accounts u64 · root 32. */
export const ROOT_BYTES = 64
const STATEMENT_BYTES = 52
const MAGIC = Buffer.from('TLA1')

export function encodeStatement({ through, accounts, root }: AccountsState): Uint8Array {
  const bytes = Buffer.alloc(STATEMENT_BYTES)
  MAGIC.copy(bytes)
  bytes.writeBigUInt64LE(BigInt(through), 4)
  bytes.writeBigUInt64LE(BigInt(accounts), 12)
  bytes.set(root, 20)
  return bytes
}

/** What the record states of all accounts; undefined: it is no such statement. */
export function statedRoot(record: RecordCursor): AccountsRoot | undefined {
  if (record.kind !== Operation.attest || record.status !== 0) return undefined
  const bytes = Buffer.from(record.metadata)
  if (bytes.length !== STATEMENT_BYTES || !bytes.subarray(0, 4).equals(MAGIC)) return undefined
  return {
    through: Number(bytes.readBigUInt64LE(4)),
    sequence: record.sequence,
    timestamp: record.timestamp,
    accounts: Number(bytes.readBigUInt64LE(12)),
    root: new Uint8Array(bytes.subarray(20)),
  }
}

export function encodeRoots(roots: readonly AccountsRoot[]): Uint8Array {
  const bytes = Buffer.alloc(roots.length * ROOT_BYTES)
  for (const [index, { through, sequence, timestamp, accounts, root }] of roots.entries()) {
    const at = index * ROOT_BYTES
    bytes.writeBigUInt64LE(BigInt(through), at)
    bytes.writeBigUInt64LE(BigInt(sequence), at + 8)
    bytes.writeBigUInt64LE(timestamp, at + 16)
    bytes.writeBigUInt64LE(BigInt(accounts), at + 24)
    bytes.set(root, at + 32)
  }
  return bytes
}

/** @param one of the list's, 64 bytes, which are copied. */
export function decodeRoot(one: Uint8Array): AccountsRoot {
  const bytes = Buffer.from(one)
  return {
    through: Number(bytes.readBigUInt64LE(0)),
    sequence: Number(bytes.readBigUInt64LE(8)),
    timestamp: bytes.readBigUInt64LE(16),
    accounts: Number(bytes.readBigUInt64LE(24)),
    root: bytes.subarray(32, ROOT_BYTES),
  }
}
