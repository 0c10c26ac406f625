/** Decides `create_account`, and writes its record. */
import { DEPTH_MAX } from './limits.ts'
import { NO_PARENT, Row32, Row64 } from './accounts.ts'
import { COMMAND_SIZE, CommandField, commandBytes, commandText, type PackedBatch } from './batch.ts'
import { Operation } from './command.ts'
import { ACCOUNT_FLAGS_KNOWN, AccountFlags } from './flags.ts'
import type { Group } from './group.ts'
import { U128_MAX } from './limits.ts'
import { readU128, writeSafe } from './memory.ts'
import { setBig } from './limbs.ts'
import { subtreeRow } from './move.ts'
import { AccountField, NO_SLOT } from './record.ts'
import { writeBytes } from './refusals.ts'
import type { State } from './state.ts'
import { AccountStatus } from './status.ts'

const BOTH_LIMITS =
  AccountFlags.debitsMustNotExceedCredits | AccountFlags.creditsMustNotExceedDebits

export class Openings {
  readonly #state: State

  constructor(state: State) {
    this.#state = state
  }

  /** Decides command `index` as the event `sequence` and writes its record at the group's position. */
  decide(
    batch: PackedBatch,
    index: number,
    event: { group: Group; sequence: number; timestamp: bigint },
  ): AccountStatus {
    const { accounts } = this.#state
    const at = index * COMMAND_SIZE
    const status = this.#check(batch, index)
    let slot = -1
    let seen = 0
    if (status === AccountStatus.created) slot = this.#open(batch, index, event)
    else if (status >= AccountStatus.existsWithDifferentFlags && status <= AccountStatus.exists) {
      slot = accounts.find(batch.memory.u32, at >>> 2)
      const words = accounts.row32(slot)
      const base = accounts.base32(slot) + Row32.createdBy
      seen = (words[base] as number) + (words[base + 1] as number) * 0x1_0000_0000
    }
    writeAccount(event.group, { batch, index, status, slot, seen })
    return status
  }

  #check(batch: PackedBatch, index: number): AccountStatus {
    const { memory } = batch
    const at = index * COMMAND_SIZE
    const { accounts } = this.#state
    const flags = memory.u16[(at + CommandField.flags) >>> 1] as number
    const id = readU128(memory, at)
    if ((flags & ~ACCOUNT_FLAGS_KNOWN) !== 0) return AccountStatus.reservedFlag
    if (id === 0n) return AccountStatus.idMustNotBeZero
    if (id === U128_MAX) return AccountStatus.idMustNotBeIntMax
    const seen = accounts.find(memory.u32, at >>> 2)
    if (seen >= 0) return this.#compare(batch, index, seen)
    if ((flags & BOTH_LIMITS) === BOTH_LIMITS) return AccountStatus.flagsAreMutuallyExclusive
    const asset = memory.u32[(at + CommandField.asset) >>> 2] as number
    if (asset === 0) return AccountStatus.assetMustNotBeZero
    if (memory.u16[(at + CommandField.code) >>> 1] === 0) return AccountStatus.codeMustNotBeZero
    if (readU128(memory, at + CommandField.parent) !== 0n) {
      const parent = accounts.find(memory.u32, (at + CommandField.parent) >>> 2)
      if (parent < 0) return AccountStatus.parentNotFound
      if (accounts.row32(parent)[accounts.base32(parent) + Row32.asset] !== asset) {
        return AccountStatus.parentHasDifferentAsset
      }
      if (accounts.depth(parent) >= DEPTH_MAX) return AccountStatus.parentTooDeep
    }
    const hasLimit = readU128(memory, at + CommandField.subtreeLimit) !== U128_MAX
    if (hasLimit && (flags & BOTH_LIMITS) === 0) return AccountStatus.subtreeLimitNeedsAFlag
    return AccountStatus.created
  }

  /** Only what cannot change later: `closed`, limits and metadata can. */
  #compare(batch: PackedBatch, index: number, slot: number): AccountStatus {
    const { memory } = batch
    const at = index * COMMAND_SIZE
    const { accounts } = this.#state
    const row = accounts.row32(slot)
    const base = accounts.base32(slot)
    const lasting = AccountFlags.linked | BOTH_LIMITS
    const flags = memory.u16[(at + CommandField.flags) >>> 1] as number
    if ((flags & lasting) !== (accounts.flags(slot) & lasting)) {
      return AccountStatus.existsWithDifferentFlags
    }
    if (commandText(batch, index, CommandField.addressOffset) !== accounts.address(slot)) {
      return AccountStatus.existsWithDifferentAddress
    }
    const parent = accounts.parent(slot)
    const asked = readU128(memory, at + CommandField.parent)
    const known = parent === NO_PARENT ? 0n : accounts.id(parent)
    if (asked !== known) return AccountStatus.existsWithDifferentParent
    if (memory.u32[(at + CommandField.asset) >>> 2] !== row[base + Row32.asset]) {
      return AccountStatus.existsWithDifferentAsset
    }
    if (
      memory.u16[(at + CommandField.code) >>> 1] !==
      (row[base + Row32.flagsAndCode] as number) >>> 16
    ) {
      return AccountStatus.existsWithDifferentCode
    }
    return AccountStatus.exists
  }

  #open(batch: PackedBatch, index: number, event: { sequence: number; timestamp: bigint }): number {
    const { memory } = batch
    const at = index * COMMAND_SIZE
    const parent = accountParent(this.#state, batch, at)
    const subtreeLimit = readU128(memory, at + CommandField.subtreeLimit)
    return openAccount(this.#state, {
      memory,
      idAt: at >>> 2,
      flags: memory.u16[(at + CommandField.flags) >>> 1] as number,
      code: memory.u16[(at + CommandField.code) >>> 1] as number,
      asset: memory.u32[(at + CommandField.asset) >>> 2] as number,
      parent,
      limit: readU128(memory, at + CommandField.limit),
      subtreeLimit,
      address: commandBytes(batch, index, CommandField.addressOffset),
      metadata: commandBytes(batch, index, CommandField.metadataOffset),
      sequence: event.sequence,
      timestamp: event.timestamp,
    })
  }
}

function accountParent(state: State, batch: PackedBatch, at: number): number {
  if (readU128(batch.memory, at + CommandField.parent) === 0n) return NO_PARENT
  return state.accounts.find(batch.memory.u32, (at + CommandField.parent) >>> 2)
}

export interface NewAccount {
  /** The id at u32 index `idAt`. */
  readonly memory: { readonly u32: Uint32Array }
  readonly idAt: number
  readonly flags: number
  readonly code: number
  readonly asset: number
  readonly parent: number
  readonly limit: bigint
  readonly subtreeLimit: bigint
  readonly address: Uint8Array
  readonly metadata: Uint8Array
  readonly sequence: number
  readonly timestamp: bigint
}

/** Adds the account that was decided. @returns its slot. */
export function openAccount(state: State, account: NewAccount): number {
  const { accounts, undo } = state
  const { parent } = account
  if (undo.recording) undo.arena()
  const slot = accounts.add(account.memory.u32, account.idAt)
  if (undo.recording) undo.accountAdded()
  const row = accounts.row32(slot)
  const base = accounts.base32(slot)
  const depth = parent === NO_PARENT ? 1 : accounts.depth(parent) + 1
  row[base + Row32.flagsAndCode] = (account.flags | (account.code << 16)) >>> 0
  row[base + Row32.asset] = account.asset
  row[base + Row32.parent] = parent
  row[base + Row32.createdBy] = account.sequence >>> 0
  row[base + Row32.createdBy + 1] = Math.floor(account.sequence / 0x1_0000_0000)
  row[base + Row32.addressPlace] =
    account.address.length === 0 ? 0 : accounts.arena.append(account.address)
  row[base + Row32.addressLengthAndDepth] = (account.address.length | (depth << 16)) >>> 0
  accounts.setMetadata(slot, account.metadata)
  const words = accounts.row64(slot)
  const base64 = accounts.base64(slot)
  setBig(words, base64 + Row64.limit, account.limit)
  words[base64 + Row64.createdAt] = account.timestamp
  if (parent !== NO_PARENT) adopt(state, parent, slot)
  if (account.subtreeLimit !== U128_MAX) setSubtreeLimit(state, slot, account.subtreeLimit)
  return slot
}

function adopt(state: State, parent: number, child: number): void {
  const { accounts, subtrees, undo } = state
  const row = ensureSubtree(state, parent)
  if (undo.recording) undo.subtree(row)
  const sibling = accounts.base32(child) + Row32.sibling
  accounts.row32(child)[sibling] = subtrees.newestChild(row) + 1
  subtrees.setNewestChild(row, child)
}

/** An account's subtree totals begin with its first child or first subtree limit. @returns their row. */
function ensureSubtree(state: State, slot: number): number {
  const { accounts, subtrees, undo } = state
  const row = accounts.row32(slot)
  const at = accounts.base32(slot) + Row32.subtree
  if (row[at] !== 0) return (row[at] as number) - 1
  accounts.rows.touch(slot)
  if (undo.recording) {
    undo.account(slot)
    undo.subtreeAdded()
  }
  const added = subtrees.add(accounts.row64(slot), accounts.base64(slot) + Row64.debitsPending)
  row[at] = added + 1
  return added
}

export function setSubtreeLimit(state: State, slot: number, limit: bigint): void {
  const row = ensureSubtree(state, slot)
  if (state.undo.recording) state.undo.subtree(row)
  state.subtrees.setLimit(row, limit)
}

export function subtreeLimitOf(state: State, slot: number): bigint {
  const row = subtreeRow(state, slot)
  return row < 0 ? U128_MAX : state.subtrees.limit(row)
}

export function writeAccount(
  group: Group,
  decided: { batch: PackedBatch; index: number; status: number; slot: number; seen: number },
): void {
  const { batch, index } = decided
  const from = index * COMMAND_SIZE
  const at = group.position
  const { u8, u16, u32, u64 } = group.memory
  const source = batch.memory
  const half = at >>> 1
  u8[at] = Operation.createAccount
  u8[at + 1] = decided.status
  u16[half + 1] = 0
  u16[half + 3] = source.u16[(from + CommandField.code) >>> 1] as number
  u16[half + 4] = source.u16[(from + CommandField.flags) >>> 1] as number
  u32[(at >>> 2) + 3] = source.u32[(from + CommandField.asset) >>> 2] as number
  for (const [field, into] of ACCOUNT_FIELDS) {
    u64[(at + into) >>> 3] = source.u64[(from + field) >>> 3] as bigint
    u64[((at + into) >>> 3) + 1] = source.u64[((from + field) >>> 3) + 1] as bigint
  }
  u64[(at + AccountField.slot) >>> 3] = 0n
  u32[(at + AccountField.slot) >>> 2] = decided.slot < 0 ? NO_SLOT : decided.slot
  writeSafe(group.memory, at + AccountField.seen, decided.seen)
  const address = commandBytes(batch, index, CommandField.addressOffset)
  const metadata = commandBytes(batch, index, CommandField.metadataOffset)
  const behind = writeBytes(
    group,
    at + AccountField.address,
    address,
    (at + AccountField.addressLength) >>> 1,
  )
  const end = writeBytes(group, behind, metadata, half + 5)
  u16[half + 2] = (end - at) >>> 3
  group.position = end
}

const ACCOUNT_FIELDS = [
  [CommandField.id, 16],
  [CommandField.parent, AccountField.parent],
  [CommandField.limit, AccountField.limit],
  [CommandField.subtreeLimit, AccountField.subtreeLimit],
] as const
