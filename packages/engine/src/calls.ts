/** Calls of the library as requests: envelopes, parts of at most one batch, and plain results. */
import { hash } from 'node:crypto'

import {
  AccountStatus,
  type Command,
  COMMAND_SIZE,
  CommandField,
  COMMANDS_PER_BATCH_MAX,
  Memory,
  Operation,
  type PackedBatch,
  packBatch,
  RecordCursor,
  TransferFlags,
  TransferStatus,
} from '@tallystick/ledger'

import type { Book } from './book.ts'
import type { Clock } from './clock.ts'
import { EngineError } from './errors.ts'
import { CALL_INTERACTIVE_MAX } from './limits.ts'
import { idempotencyKey } from './look-up.ts'
import type { Outcome } from './outcome.ts'
import type { LedgerRequest } from './request.ts'
import type { CallOptions, EventResult } from './tally-ledger.ts'
import type { Done } from './work.ts'

/** `linked` is the same bit for every operation. */
const LINKED = TransferFlags.linked
const NO_BODY = new Uint8Array(0)

export interface CallParts {
  readonly submit: (request: LedgerRequest, done: Done) => void
  readonly book: Book
  readonly clock: Clock
  /** Random bytes, for request ids. */
  readonly random: (into: Uint8Array) => void
}

export class Calls {
  readonly #parts: CallParts
  readonly #cursor = new RecordCursor(Memory.allocate(8))

  constructor(parts: CallParts) {
    this.#parts = parts
  }

  /** @throws MalformedCommand, EngineError. */
  async apply(commands: readonly Command[], options: CallOptions): Promise<EventResult[]> {
    if (commands.length === 0) return []
    const asked = options.atomic === true ? chained(commands) : commands
    const batches = cut(asked).map((part) => packBatch(part))
    const whole = digestOf(batches)
    const results = batches.map((batch, part) => {
      // Parts of one call are told apart by their number, in digest and key alike.
      const digest = batches.length === 1 ? whole : hash('sha256', `${part}\n${whole}`, 'hex')
      return this.#ask(this.#request(batch, options, { digest, part }), (outcome) =>
        this.#results(outcome),
      )
    })
    return (await Promise.all(results)).flat()
  }

  async applyBatch(
    batch: PackedBatch,
    options: CallOptions,
    each?: (index: number, record: RecordCursor) => void,
  ): Promise<Uint8Array> {
    const asked = options.atomic === true ? chainedBatch(batch) : batch
    const request = this.#request(asked, options, { digest: digestOf([asked]), part: 0 })
    return this.#ask(request, (outcome) => {
      const statuses = new Uint8Array(outcome.count)
      for (let index = 0; index < outcome.count; index++) {
        statuses[index] = outcome.status(index)
        each?.(index, outcome.record(index, this.#cursor))
      }
      return statuses
    })
  }

  #ask<Answer>(request: LedgerRequest, read: (outcome: Outcome) => Answer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#parts.submit(request, (outcome) => {
        if (outcome instanceof EngineError) return reject(outcome)
        try {
          resolve(read(outcome))
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)))
        }
      })
    })
  }

  #request(
    batch: PackedBatch,
    options: CallOptions,
    { digest, part }: { digest: string; part: number },
  ): LedgerRequest {
    const { key, principal = '', requestId } = options
    const name = key === undefined || part === 0 ? key : `${key}#${part}`
    return {
      operation: options.operation ?? 0,
      contractVersion: options.contractVersion ?? 0,
      requestId: requestId ?? this.#newId(),
      digest: options.digest ?? Buffer.from(digest, 'hex'),
      receivedAt: options.receivedAt ?? this.#parts.clock.now(),
      principal,
      keyId: options.keyId ?? '',
      source: options.source ?? '',
      idempotencyKey: options.idempotencyKey ?? key ?? '',
      initiator: options.initiator ?? '',
      body: options.body ?? NO_BODY,
      batch,
      keys: name === undefined ? [] : [idempotencyKey(principal, name)],
      lane: options.lane ?? (batch.count <= CALL_INTERACTIVE_MAX ? 'interactive' : 'bulk'),
      dryRun: options.dryRun ?? false,
    }
  }

  #newId(): Uint8Array {
    const id = new Uint8Array(16)
    this.#parts.random(id)
    return id
  }

  #results(outcome: Outcome): EventResult[] {
    const results: EventResult[] = []
    for (let index = 0; index < outcome.count; index++) {
      const { kind, status, sequence, timestamp, seen } = outcome.record(index, this.#cursor)
      const first = repeats(kind, status) && seen > 0
      results.push({
        status,
        sequence,
        timestamp: first ? this.#parts.book.record(seen, this.#cursor).timestamp : timestamp,
      })
    }
    return results
  }
}

/** The answer is that the very same thing was created before. */
function repeats(kind: number, status: number): boolean {
  if (kind === Operation.createTransfer) return status === TransferStatus.exists
  return kind === Operation.createAccount && status === AccountStatus.exists
}

/** All or nothing: linked but for the last. */
function chained(commands: readonly Command[]): Command[] {
  return commands.map((command, index) => {
    const isLast = index === commands.length - 1
    return { ...command, flags: isLast ? command.flags & ~LINKED : command.flags | LINKED }
  })
}

function chainedBatch(batch: PackedBatch): PackedBatch {
  const memory = Memory.allocate(batch.memory.byteLength)
  memory.u8.set(batch.memory.u8)
  for (let index = 0; index < batch.count; index++) {
    const at = (index * COMMAND_SIZE + CommandField.flags) >>> 1
    const flags = memory.u16[at] ?? 0
    memory.u16[at] = index === batch.count - 1 ? flags & ~LINKED : flags | LINKED
  }
  return { ...batch, memory }
}

/** Parts of at most one batch, cut only between chains. @throws EngineError `too_large` for a chain that fits in none. */
function cut(commands: readonly Command[]): (readonly Command[])[] {
  const parts: (readonly Command[])[] = []
  let from = 0
  while (commands.length - from > COMMANDS_PER_BATCH_MAX) {
    let end = from + COMMANDS_PER_BATCH_MAX
    while (end > from && ((commands[end - 1]?.flags ?? 0) & LINKED) !== 0) end--
    if (end === from) {
      throw new EngineError('too_large', `a chain has at most ${COMMANDS_PER_BATCH_MAX} commands`)
    }
    parts.push(commands.slice(from, end))
    from = end
  }
  parts.push(commands.slice(from))
  return parts
}

function digestOf(batches: readonly PackedBatch[]): string {
  const [only] = batches
  if (batches.length === 1 && only !== undefined) return hash('sha256', bytesOf(only), 'hex')
  return hash('sha256', Buffer.concat(batches.map(bytesOf)), 'hex')
}

function bytesOf({ memory, dataOffset, dataLength }: PackedBatch): Uint8Array {
  return memory.u8.subarray(0, dataOffset + dataLength)
}
