/**
 * Sends bookings in order, in large batches, the next being made while the last is decided. An account is opened right before
 * the first transfer that names it, in the same batch; what exists already does nothing.
 */
import { isGood } from '@tallystick/contract'
import type { CreateAccount } from '@tallystick/sdk'
import type { BookingTarget, ImportCommand } from './booking-target.ts'
import type { Booking, RefusedRow } from './row-mapper.ts'

/** Below the most that a batch may have, so that a booking and its two accounts still fit. */
const BATCH_COMMANDS = 8_000

export interface ImporterOptions {
  readonly target: BookingTarget
  /** Called when rows were answered, in order, with all that was answered together. */
  readonly onAnswered: (answered: Answered) => void
}

export interface Answered {
  /** Created now or before. */
  readonly done: readonly Booking[]
  readonly created: number
  readonly existed: number
  readonly refused: readonly RefusedRow[]
  readonly accountsOpened: number
  readonly accountsRefused: readonly AccountRefusal[]
  /** Rows of the file up to and with this one are answered. */
  readonly upToRow: number
}

export interface AccountRefusal {
  readonly address: string
  readonly status: string
}

interface Batch {
  readonly commands: ImportCommand[]
  /** By place in `commands`. */
  readonly bookings: Map<number, Booking>
  /** Rows that cannot be sent, so that they are reported in their turn. */
  readonly unsent: RefusedRow[]
  upToRow: number
}

export class Importer {
  readonly #target: BookingTarget
  readonly #onAnswered: (answered: Answered) => void
  readonly #opened = new Set<string>()
  #batch = emptyBatch()
  #inFlight: Promise<void> = Promise.resolve()

  constructor({ target, onAnswered }: ImporterOptions) {
    this.#target = target
    this.#onAnswered = onAnswered
  }

  /** undefined: there is room for more; else to be awaited before the next. */
  add(row: Booking | RefusedRow): Promise<void> | undefined {
    const batch = this.#batch
    batch.upToRow = row.row
    if ('reason' in row) {
      batch.unsent.push(row)
    } else {
      this.#open(row.account)
      this.#open(row.counterparty)
      batch.bookings.set(batch.commands.length, row)
      batch.commands.push(row.transfer)
    }
    const isFull = batch.commands.length + batch.unsent.length >= BATCH_COMMANDS
    return isFull ? this.#flush() : undefined
  }

  /** Sends the rest and waits for all answers. */
  async finish(): Promise<void> {
    await this.#flush()
    await this.#inFlight
  }

  #open(account: CreateAccount): void {
    const key = `${account.address} ${account.asset}`
    if (this.#opened.has(key)) return
    this.#opened.add(key)
    this.#batch.commands.push({ operation: 'create_account', ...account })
  }

  /** Order between batches is promised only after an answer, so one is on its way at a time. */
  async #flush(): Promise<void> {
    const batch = this.#batch
    this.#batch = emptyBatch()
    await this.#inFlight
    this.#inFlight = this.#send(batch)
    // Whoever fails is awaited by the next flush; until then it is not unhandled.
    this.#inFlight.catch(() => {})
  }

  async #send(batch: Batch): Promise<void> {
    const { commands } = batch
    const statuses = commands.length === 0 ? [] : await this.#target.send(commands)
    this.#onAnswered(answeredOf(batch, statuses))
  }
}

function emptyBatch(): Batch {
  return { commands: [], bookings: new Map(), unsent: [], upToRow: 0 }
}

function answeredOf(batch: Batch, statuses: readonly string[]): Answered {
  const done: Booking[] = []
  const refused: RefusedRow[] = [...batch.unsent]
  const accountsRefused: AccountRefusal[] = []
  let created = 0
  let accountsOpened = 0
  for (const [index, status] of statuses.entries()) {
    const booking = batch.bookings.get(index)
    if (booking === undefined) {
      const command = batch.commands[index]
      if (status === 'created') accountsOpened++
      else if (!isGood(status) && command?.operation === 'create_account') {
        accountsRefused.push({ address: command.address, status })
      }
      continue
    }
    if (status === 'created') created++
    if (isGood(status)) done.push(booking)
    else refused.push(refusedBy(status, booking))
  }
  return {
    done,
    created,
    existed: done.length - created,
    refused: refused.sort((a, b) => a.row - b.row),
    accountsOpened,
    accountsRefused,
    upToRow: batch.upToRow,
  }
}

function refusedBy(status: string, { row, record, transfer }: Booking): RefusedRow {
  const { debitAccount, creditAccount, id } = transfer
  const detail = `The ledger refused transfer ${id} from ${debitAccount} to ${creditAccount}.`
  return { row, record, reason: status, detail }
}
