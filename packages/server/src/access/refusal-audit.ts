/**
 * Keeps in the log who was turned away. Attempts that are alike are counted for a minute and become one control command: what an attacker can make the log
 * grow by is bounded by a budget, however fast he asks (docs/decisions/0027). Callers who are known have a budget of their own, so that a stranger's noise hides
 * nothing of theirs.
 */
import { hash } from 'node:crypto'

import { encodeControl, type NotedRefusals, type Refusal } from '@tallystick/access'
import { CONTRACT_VERSION } from '@tallystick/contract'
import {
  type Command,
  EngineError,
  type LedgerRequest,
  Operation,
  requestKey,
  type TallyLedger,
} from '@tallystick/engine'
import { packBatch } from '@tallystick/ledger'

import { newRequestId } from '../http/ids.ts'
import { AUDIT_ROWS_A_MINUTE, AUDIT_ROWS_MAX } from '../limits.ts'
import { writeBody } from '../saved-body.ts'

/** Whose name such requests have in the book: no principal's, since no name begins so. */
export const AUDITOR = '(server)'

const MINUTE_MS = 60_000
const NS_PER_MS = 1_000_000n

export interface Attempt {
  readonly principal: string | null
  readonly key: string | null
  readonly initiator: string | null
  readonly source: string
  readonly operation: string
  readonly result: Refusal
}

/** Times in ms since 1970. */
interface Row {
  readonly attempt: Attempt
  readonly first: number
  last: number
  count: number
}

export interface RefusalAuditParts {
  readonly ledger: TallyLedger
  /** Whether something may be written at this moment. */
  readonly isOpen: () => boolean
  readonly onTrouble: (error: unknown) => void
  /** ms between two looks; default a minute. */
  readonly everyMs?: number | undefined
}

export class RefusalAudit {
  readonly #parts: RefusalAuditParts
  readonly #known = new Rows()
  readonly #strangers = new Rows()
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> | undefined

  constructor(parts: RefusalAuditParts) {
    this.#parts = parts
  }

  /** @param nowMs since 1970 */
  add(attempt: Attempt, nowMs: number): void {
    const rows = attempt.principal === null ? this.#strangers : this.#known
    rows.add(attempt, nowMs)
    this.#timer ??= setTimeout(() => void this.flush(), this.#parts.everyMs ?? MINUTE_MS)
  }

  /** Writes what was counted. What cannot be written now waits, counted, for the next time. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    await this.#writing
    if (!this.#parts.isOpen()) return this.#later()
    const now = performance.now()
    const rows = [...this.#known.take(now), ...this.#strangers.take(now)]
    if (rows.length === 0) return
    this.#writing = this.#write(rows).finally(() => (this.#writing = undefined))
    await this.#writing
  }

  #later(): void {
    if (this.#known.isEmpty && this.#strangers.isEmpty) return
    this.#timer ??= setTimeout(() => void this.flush(), this.#parts.everyMs ?? MINUTE_MS).unref()
  }

  async #write(rows: readonly Row[]): Promise<void> {
    try {
      await submitted(this.#parts.ledger, requestOf(rows))
    } catch (error) {
      for (const row of rows) {
        const isStranger = row.attempt.principal === null
        ;(isStranger ? this.#strangers : this.#known).merge(row)
      }
      this.#parts.onTrouble(error)
      this.#later()
    }
  }
}

function submitted(ledger: TallyLedger, request: LedgerRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    ledger.submit(request, (outcome) => {
      if (outcome instanceof EngineError) reject(outcome)
      else resolve()
    })
  })
}

/** One request of the server's own, found by its id like any other. */
function requestOf(rows: readonly Row[]): LedgerRequest {
  const commands = rows.map((row): Command => ({
    ...{ operation: Operation.control, flags: 0 },
    statement: encodeControl(commandOf(row)),
  }))
  const batch = packBatch(commands)
  const nowMs = Date.now()
  const requestId = newRequestId(nowMs)
  const bytes = batch.memory.u8.subarray(0, batch.dataOffset + batch.dataLength)
  return {
    ...{ operation: 0, contractVersion: CONTRACT_VERSION, requestId },
    ...{ digest: hash('sha256', bytes, 'buffer'), receivedAt: BigInt(nowMs) * NS_PER_MS },
    ...{ principal: AUDITOR, keyId: '', source: '', idempotencyKey: '', initiator: '' },
    ...{ body: writeBody({}), batch, keys: [requestKey(requestId)], lane: 'bulk' },
  }
}

function commandOf({ attempt, first, last, count }: Row): NotedRefusals {
  return { control: 'note_refusals', ...attempt, first: nsText(first), last: nsText(last), count }
}

function nsText(ms: number): string {
  return String(BigInt(ms) * NS_PER_MS)
}

/** Attempts by what they have in common, and how many rows of them may still be written. */
class Rows {
  #rows = new Map<string, Row>()
  #budget = AUDIT_ROWS_MAX
  #budgetAt = performance.now()

  get isEmpty(): boolean {
    return this.#rows.size === 0
  }

  add(attempt: Attempt, nowMs: number): void {
    this.merge({ attempt, first: nowMs, last: nowMs, count: 1 })
  }

  merge(row: Row): void {
    const known = this.#rows.get(nameOf(row.attempt))
    if (known === undefined && this.#rows.size >= AUDIT_ROWS_MAX) return this.#sum(row)
    this.#put(row)
  }

  #put(row: Row): void {
    const name = nameOf(row.attempt)
    const known = this.#rows.get(name)
    const first = Math.min(known?.first ?? row.first, row.first)
    const last = Math.max(known?.last ?? row.last, row.last)
    const count = (known?.count ?? 0) + row.count
    this.#rows.set(name, { attempt: row.attempt, first, last, count })
  }

  /** What is too much to be told one by one is told as a number. */
  #sum(row: Row): void {
    const { result } = row.attempt
    const several = { principal: null, key: null, initiator: null, source: '*', operation: '*' }
    this.#put({ ...row, attempt: { ...several, result } })
  }

  /** Takes them out: as many rows as the budget has, the others summed by result. */
  take(now: number): Row[] {
    const gained = ((now - this.#budgetAt) / MINUTE_MS) * AUDIT_ROWS_A_MINUTE
    this.#budget = Math.min(AUDIT_ROWS_MAX, this.#budget + gained)
    this.#budgetAt = now
    const all = [...this.#rows.values()]
    this.#rows = new Map()
    const told = Math.min(all.length, Math.floor(this.#budget))
    this.#budget -= told
    for (const row of all.slice(told)) this.#sum(row)
    const summed = [...this.#rows.values()]
    this.#rows = new Map()
    return [...all.slice(0, told), ...summed]
  }
}

function nameOf({ principal, key, initiator, source, operation, result }: Attempt): string {
  return JSON.stringify([principal, key, initiator, source, operation, result])
}
