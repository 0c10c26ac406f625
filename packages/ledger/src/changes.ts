/**
 * Decides the rare commands: limits, metadata, closing and reopening accounts, assets, closed books, statements, access, rules. Each writes
 * its own record.
 */
import { ControlStatus, decodeControl, type PackedCommands } from '@tallystick/access'
import { RuleStatus } from '@tallystick/rules'

import { CLOSED_BY_TRANSFER, Row64 } from './accounts.ts'
import {
  COMMAND_SIZE,
  CommandField,
  commandBytes,
  commandText,
  packedCommands,
  LIMIT_GIVEN,
  type PackedBatch,
  SUBTREE_LIMIT_GIVEN,
  unpackCommand,
} from './batch.ts'
import { Operation } from './command.ts'
import { AccountFlags } from './flags.ts'
import type { Group } from './group.ts'
import { U128_MAX } from './limits.ts'
import { readU128, writeU128 } from './memory.ts'
import { big, setBig } from './limbs.ts'
import { setSubtreeLimit, subtreeLimitOf } from './openings.ts'
import {
  AssetField,
  AttestField,
  BooksField,
  ClosureField,
  LimitField,
  MetadataField,
  NO_SLOT,
} from './record.ts'
import { writeBytes } from './refusals.ts'
import type { State } from './state.ts'
import {
  AssetStatus,
  AttestStatus,
  BooksStatus,
  ClosureStatus,
  LimitStatus,
  MetadataStatus,
} from './status.ts'

const LIMITING = AccountFlags.debitsMustNotExceedCredits | AccountFlags.creditsMustNotExceedDebits

export class Changes {
  readonly #state: State

  constructor(state: State) {
    this.#state = state
  }

  /** Decides command `index` and writes its record. `forced` ≠ 0 is a chain's verdict: nothing is checked. */
  decide(batch: PackedBatch, index: number, group: Group, forced: number): number {
    const at = index * COMMAND_SIZE
    switch (batch.memory.u8[at + CommandField.operation]) {
      case Operation.changeLimit:
        return this.#limit(batch, index, group, forced)
      case Operation.changeMetadata:
        return this.#metadata(batch, index, group, forced)
      case Operation.closeAccount:
      case Operation.reopenAccount:
        return this.#closure(batch, index, group, forced)
      case Operation.registerAsset:
        return this.#asset(batch, index, group, forced)
      case Operation.attest:
        return this.#statement(batch, index, group, forced)
      case Operation.control:
        return this.#control(batch, index, group, forced)
      case Operation.rule:
        return this.#rule(batch, index, group, forced)
      default:
        return this.#books(batch, index, group, forced)
    }
  }

  /** Whether the rest of the batch is what the first command was to approve, and may not be asked for without it. */
  isGate(batch: PackedBatch): boolean {
    if (batch.memory.u8[CommandField.operation] !== Operation.control) return false
    const bytes = commandBytes(batch, 0, CommandField.metadataOffset)
    return decodeControl(bytes)?.control === 'approve'
  }

  #limit(batch: PackedBatch, index: number, group: Group, forced: number): number {
    const { memory } = batch
    const at = index * COMMAND_SIZE
    const { accounts } = this.#state
    const slot = accounts.find(memory.u32, at >>> 2)
    const presence = memory.u8[at + CommandField.presence] as number
    const limit = readU128(memory, at + CommandField.limit)
    const subtreeLimit = readU128(memory, at + CommandField.subtreeLimit)
    const setsSubtree = (presence & SUBTREE_LIMIT_GIVEN) !== 0
    let status: number = forced
    if (status !== 0) void 0
    else if (hasOtherFlags(batch, at)) status = LimitStatus.reservedFlag
    else if (slot < 0) status = LimitStatus.accountNotFound
    else if (setsSubtree && subtreeLimit !== U128_MAX && (accounts.flags(slot) & LIMITING) === 0) {
      status = LimitStatus.subtreeLimitNeedsAFlag
    }
    const record = writeHead(batch, index, group, { status, form: presence, slot })
    writeU128(group.memory, record + LimitField.limit, limit)
    writeU128(group.memory, record + LimitField.subtreeLimit, subtreeLimit)
    const before = slot < 0 ? 0n : this.#limitOf(slot)
    writeU128(group.memory, record + LimitField.limitBefore, before)
    const subtreeBefore = slot < 0 ? U128_MAX : subtreeLimitOf(this.#state, slot)
    writeU128(group.memory, record + LimitField.subtreeLimitBefore, subtreeBefore)
    finish(group, record, record + LimitField.size)
    if (status !== LimitStatus.changed) return status
    if ((presence & LIMIT_GIVEN) !== 0) setLimit(this.#state, slot, limit)
    if (setsSubtree && subtreeLimit !== subtreeBefore) {
      setSubtreeLimit(this.#state, slot, subtreeLimit)
    }
    return status
  }

  #limitOf(slot: number): bigint {
    const { accounts } = this.#state
    return big(accounts.row64(slot), accounts.base64(slot) + Row64.limit)
  }

  #metadata(batch: PackedBatch, index: number, group: Group, forced: number): number {
    const at = index * COMMAND_SIZE
    const slot = this.#state.accounts.find(batch.memory.u32, at >>> 2)
    const metadata = commandBytes(batch, index, CommandField.metadataOffset)
    let status: number = forced
    if (status !== 0) void 0
    else if (hasOtherFlags(batch, at)) status = MetadataStatus.reservedFlag
    else if (slot < 0) status = MetadataStatus.accountNotFound
    const record = writeHead(batch, index, group, { status, form: 0, slot })
    finish(
      group,
      record,
      writeBytes(group, record + MetadataField.metadata, metadata, (record >>> 1) + 5),
    )
    if (status === MetadataStatus.changed) setMetadata(this.#state, slot, metadata)
    return status
  }

  #closure(batch: PackedBatch, index: number, group: Group, forced: number): number {
    const at = index * COMMAND_SIZE
    const { accounts } = this.#state
    const slot = accounts.find(batch.memory.u32, at >>> 2)
    const closes = batch.memory.u8[at + CommandField.operation] === Operation.closeAccount
    let status: number = forced
    if (status !== 0) void 0
    else if (hasOtherFlags(batch, at)) status = ClosureStatus.reservedFlag
    else if (slot < 0) status = ClosureStatus.accountNotFound
    else status = closureStatus(accounts.flags(slot), closes)
    const record = writeHead(batch, index, group, { status, form: 0, slot })
    finish(group, record, record + ClosureField.size)
    if (status === ClosureStatus.changed) setClosed(this.#state, slot, closes)
    return status
  }

  #asset(batch: PackedBatch, index: number, group: Group, forced: number): number {
    const at = index * COMMAND_SIZE
    const { assetNames, assetNumbers } = this.#state
    const number = batch.memory.u32[(at + CommandField.asset) >>> 2] as number
    const name = commandText(batch, index, CommandField.metadataOffset)
    const known = assetNames.get(number)
    let status: number = forced
    if (status !== 0) void 0
    else if (hasOtherFlags(batch, at)) status = AssetStatus.reservedFlag
    else if (number === 0) status = AssetStatus.assetMustNotBeZero
    else if (known !== undefined && known !== name) status = AssetStatus.existsWithDifferentName
    else if (known !== undefined) status = AssetStatus.exists
    else if (assetNumbers.has(name)) status = AssetStatus.nameTaken
    const record = writeHead(batch, index, group, { status, form: 0, slot: undefined })
    const bytes = commandBytes(batch, index, CommandField.metadataOffset)
    finish(group, record, writeBytes(group, record + AssetField.name, bytes, (record >>> 1) + 5))
    if (status === AssetStatus.created) registerAsset(this.#state, number, name)
    return status
  }

  #statement(batch: PackedBatch, index: number, group: Group, forced: number): number {
    let status: number = forced
    if (status === 0 && hasOtherFlags(batch, index * COMMAND_SIZE)) {
      status = AttestStatus.reservedFlag
    }
    const record = writeHead(batch, index, group, { status, form: 0, slot: undefined })
    const bytes = commandBytes(batch, index, CommandField.metadataOffset)
    const end = writeBytes(group, record + AttestField.statement, bytes, (record >>> 1) + 5)
    finish(group, record, end)
    return status
  }

  #control(batch: PackedBatch, index: number, group: Group, forced: number): number {
    const { access, charges, undo } = this.#state
    const bytes = commandBytes(batch, index, CommandField.metadataOffset)
    const timestamp = group.firstTimestamp + BigInt(group.count)
    let status: number = forced
    if (status !== 0) void 0
    else if (hasOtherFlags(batch, index * COMMAND_SIZE)) status = ControlStatus.reservedFlag
    // A chain may be taken back; rights under which others were decided may not.
    else if (undo.inChain) status = ControlStatus.mustStandAlone
    else {
      const { principal, initiator } = charges.asker
      // A second person stands for himself: else one could ask through a program, and approve it himself.
      const by = initiator === '' ? principal : ''
      status = access.decide(bytes, { at: timestamp, by, rest: () => restOf(batch, index) })
    }
    const record = writeHead(batch, index, group, { status, form: 0, slot: undefined })
    finish(
      group,
      record,
      writeBytes(group, record + AttestField.statement, bytes, (record >>> 1) + 5),
    )
    if (status === ControlStatus.changed && !undo.recording) {
      charges.goOn(access.fold(bytes, timestamp))
    }
    return status
  }

  #rule(batch: PackedBatch, index: number, group: Group, forced: number): number {
    const { rules, undo } = this.#state
    const bytes = commandBytes(batch, index, CommandField.metadataOffset)
    const sequence = group.nextSequence
    let status: number = forced
    if (status !== 0) void 0
    else if (hasOtherFlags(batch, index * COMMAND_SIZE)) status = RuleStatus.reservedFlag
    else if (undo.inChain) status = RuleStatus.mustStandAlone
    else status = rules.decide(bytes, sequence)
    const timestamp = group.firstTimestamp + BigInt(group.count)
    const record = writeHead(batch, index, group, { status, form: 0, slot: undefined })
    const end = writeBytes(group, record + AttestField.statement, bytes, (record >>> 1) + 5)
    finish(group, record, end)
    if (status === RuleStatus.changed && !undo.recording) rules.fold(bytes, timestamp, sequence)
    return status
  }

  #books(batch: PackedBatch, index: number, group: Group, forced: number): number {
    const { memory } = batch
    const at = index * COMMAND_SIZE
    const { accounts, books } = this.#state
    const isSubtree = readU128(memory, at) !== 0n
    const slot = isSubtree ? accounts.find(memory.u32, at >>> 2) : -1
    const asset = memory.u32[(at + CommandField.asset) >>> 2] as number
    const until = memory.u64[(at + CommandField.until) >>> 3] as bigint
    let status: number = forced
    if (status !== 0) void 0
    else if (hasOtherFlags(batch, at)) status = BooksStatus.reservedFlag
    else if (isSubtree && slot < 0) status = BooksStatus.accountNotFound
    else if (!isSubtree && asset === 0) status = BooksStatus.assetMustNotBeZero
    const record = writeHead(batch, index, group, { status, form: 0, slot })
    group.memory.u64[(record + BooksField.until) >>> 3] = until
    group.memory.u64[(record + BooksField.before) >>> 3] = isSubtree
      ? books.untilOfSubtree(slot)
      : books.untilOfAsset(asset)
    finish(group, record, record + BooksField.size)
    if (status === BooksStatus.changed) {
      closeBooks(this.#state, isSubtree ? { slot } : { asset }, until)
    }
    return status
  }
}

/** What follows the first command of a batch, as packed by itself. */
function restOf(batch: PackedBatch, index: number): PackedCommands | undefined {
  if (index !== 0) return undefined
  const commands = []
  for (let next = 1; next < batch.count; next++) commands.push(unpackCommand(batch, next))
  return packedCommands(commands)
}

function closureStatus(flags: number, closes: boolean): ClosureStatus {
  const isClosed = (flags & AccountFlags.closed) !== 0
  if (closes) return isClosed ? ClosureStatus.accountAlreadyClosed : ClosureStatus.changed
  if (!isClosed) return ClosureStatus.accountNotClosed
  return (flags & CLOSED_BY_TRANSFER) === 0
    ? ClosureStatus.changed
    : ClosureStatus.accountClosedByTransfer
}

export function setLimit(state: State, slot: number, limit: bigint): void {
  const { accounts, undo } = state
  accounts.rows.touch(slot)
  if (undo.recording) undo.account(slot)
  setBig(accounts.row64(slot), accounts.base64(slot) + Row64.limit, limit)
}

export function setMetadata(state: State, slot: number, metadata: Uint8Array): void {
  const { accounts, undo } = state
  accounts.rows.touch(slot)
  if (undo.recording) {
    undo.account(slot)
    undo.arena()
  }
  accounts.setMetadata(slot, metadata)
}

export function setClosed(state: State, slot: number, closed: boolean): void {
  const { accounts, undo } = state
  accounts.rows.touch(slot)
  if (undo.recording) undo.account(slot)
  const flags = accounts.flags(slot)
  accounts.setFlags(slot, closed ? flags | AccountFlags.closed : flags & ~AccountFlags.closed)
}

export function registerAsset(state: State, number: number, name: string): void {
  state.assetNames.set(number, name)
  state.assetNumbers.set(name, number)
  if (!state.undo.recording) return
  state.undo.call(() => {
    state.assetNames.delete(number)
    state.assetNumbers.delete(name)
  })
}

export function closeBooks(
  state: State,
  scope: { asset: number } | { slot: number },
  until: bigint,
): void {
  const { books, undo } = state
  const before =
    'asset' in scope ? books.untilOfAsset(scope.asset) : books.untilOfSubtree(scope.slot)
  books.set(scope, until)
  if (undo.recording) undo.call(() => books.set(scope, before))
}

function hasOtherFlags(batch: PackedBatch, at: number): boolean {
  const flags = batch.memory.u16[(at + CommandField.flags) >>> 1] as number
  return (flags & ~AccountFlags.linked) !== 0
}

/** The common beginning, and the slot at 32 when there is such a field. @returns the record's byte offset. */
function writeHead(
  batch: PackedBatch,
  index: number,
  group: Group,
  head: { status: number; form: number; slot: number | undefined },
): number {
  const from = index * COMMAND_SIZE
  const at = group.position
  const { u8, u16, u32, u64 } = group.memory
  const source = batch.memory
  const half = at >>> 1
  u8[at] = source.u8[from + CommandField.operation] as number
  u8[at + 1] = head.status
  u16[half + 1] = head.form
  u16[half + 3] = source.u16[(from + CommandField.code) >>> 1] as number
  u16[half + 4] = source.u16[(from + CommandField.flags) >>> 1] as number
  u16[half + 5] = 0
  u32[(at >>> 2) + 3] = source.u32[(from + CommandField.asset) >>> 2] as number
  u64[(at >>> 3) + 2] = source.u64[from >>> 3] as bigint
  u64[(at >>> 3) + 3] = source.u64[(from >>> 3) + 1] as bigint
  if (head.slot === undefined) return at
  u64[(at >>> 3) + 4] = 0n
  u32[(at >>> 2) + 8] = head.slot < 0 ? NO_SLOT : head.slot
  return at
}

function finish(group: Group, record: number, end: number): void {
  group.memory.u16[(record >>> 1) + 2] = (end - record) >>> 3
  group.position = end
}
