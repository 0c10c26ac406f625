/**
 * What the clients of the kill test ask for: every kind of write over HTTP, seeded, close enough together to meet. And what an
 * answer to each of them claims to be in the book.
 */
import {
  MediaType,
  packBatch,
  type PackedCommand,
  PackedOperation,
  PackedTransferFlags,
  unpackBatchAnswer,
} from '@tallystick/contract'
import { accountIdOf } from '@tallystick/engine'
import type { Prng } from '@tallystick/testkit'

import type { Call, Reply } from './harness.ts'

/** The first four cannot be overdrawn, so that some commands are refused. */
export const ACCOUNTS = 8
const EURO = 978
const PACKED_COMMANDS = 5

export interface Ask {
  readonly method: 'POST' | 'PATCH'
  readonly path: string
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>
  /** The first answer; undefined: the server died before it came. */
  reply?: Reply
}

/** A transfer's place in the book as an answer tells it. */
export interface Claim {
  readonly sequence: bigint
  readonly created: boolean
}

export const address = (index: number): string => `kill:${index}`

export async function openAccounts(call: Call): Promise<void> {
  for (let index = 0; index < ACCOUNTS; index++) {
    const flags = index < 4 ? ['debits_must_not_exceed_credits'] : []
    await call('POST', '/v1/accounts', { address: address(index), asset: 'EUR/2', flags })
  }
}

/** Filling the wallets is asked for like everything else: it can be killed, too. */
export const funding = (): Ask[] =>
  Array.from({ length: ACCOUNTS }, (_, index) => ({
    ...{ method: 'POST', path: `/v1/accounts/${address(index)}/increments` },
    ...{ body: { amount: '20000' }, headers: { 'idempotency-key': `funding-${index}` } },
  }))

/** A list that anybody may add to, and of which the newest count. */
class Newest {
  readonly #ids: string[] = []

  add(id: string): void {
    this.#ids.push(id)
    if (this.#ids.length > 40) this.#ids.shift()
  }

  pick(random: Prng): string | undefined {
    return this.#ids.length === 0 ? undefined : random.pick(this.#ids)
  }
}

export class KillLoad {
  readonly #random: Prng
  readonly #name: string
  readonly #holds = new Newest()
  readonly #transfers = new Newest()
  /** Accounts that somebody was told are open. */
  readonly opened: string[] = []
  #asked = 0

  /** @param name begins every key and address, so that no two loads share one. */
  constructor(random: Prng, name: string) {
    this.#random = random
    this.#name = name
  }

  next(): Ask {
    const name = `${this.#name}-${this.#asked++}`
    const asked = this.#kinds(name)
    const body = asked.body
    if (asked.reference && typeof body === 'object' && body !== null) {
      return { method: 'POST', path: asked.path, body: { ...body, reference: name }, headers: {} }
    }
    const headers = { 'idempotency-key': name, ...asked.headers }
    return { method: asked.method ?? 'POST', path: asked.path, body, headers }
  }

  /** Remembers what an answer names, for later captures, voids and reversals. */
  learn({ json }: Reply): void {
    if (json?.object === 'hold') this.#holds.add(json.id)
    if (json?.object === 'transfer') this.#transfers.add(json.id)
    if (json?.object === 'account') this.opened.push(json.address)
  }

  #kinds(name: string): Asked {
    const random = this.#random
    const kind = random.below(100)
    const reference = random.once(4)
    if (kind < 34) return { path: '/v1/transfers', body: this.#transfer(), reference }
    if (kind < 50) return { path: '/v1/holds', body: this.#hold(), reference }
    if (kind < 62) return this.#resolution(reference)
    if (kind < 69) return this.#reversal(reference)
    if (kind < 77) return { path: '/v1/transactions', body: this.#transaction(), reference }
    if (kind < 84) return this.#jsonBatch()
    if (kind < 91) return this.#packedBatch()
    if (kind < 95) return this.#opening(name)
    return this.#change()
  }

  #movement() {
    const debit = this.#random.below(ACCOUNTS)
    const credit = (debit + 1 + this.#random.below(ACCOUNTS - 1)) % ACCOUNTS
    const amount = String(1 + this.#random.below(this.#random.once(10) ? 90_000 : 900))
    return {
      debit_account: address(debit),
      credit_account: address(credit),
      amount,
      asset: 'EUR/2',
    }
  }

  #transfer(): object {
    const movement = this.#movement()
    if (this.#random.once(12)) return { ...movement, mode: 'up_to' }
    if (this.#random.once(12)) return { ...movement, effective_at: '2026-01-02T03:04:05Z' }
    if (this.#random.once(12)) return { ...movement, credit_account: 'kill:nobody' }
    return this.#random.once(4) ? { ...movement, metadata: { order: movement.amount } } : movement
  }

  /** Some fall due while the server is down, some between two kills, some never. */
  #hold(): object {
    const timeout = this.#random.pick([0, 1, 1, 2, 3_600])
    return { ...this.#movement(), ...(timeout === 0 ? {} : { timeout_seconds: timeout }) }
  }

  #resolution(reference: boolean): Asked {
    const hold = this.#holds.pick(this.#random)
    if (hold === undefined) return { path: '/v1/holds', body: this.#hold(), reference }
    if (this.#random.once(4)) return { path: `/v1/holds/${hold}/void`, body: {}, reference }
    const amount = String(1 + this.#random.below(400))
    const body = this.#random.once(2) ? { amount, final: false } : {}
    return { path: `/v1/holds/${hold}/capture`, body, reference }
  }

  #reversal(reference: boolean): Asked {
    const transfer = this.#transfers.pick(this.#random)
    if (transfer === undefined) return { path: '/v1/transfers', body: this.#transfer(), reference }
    const body = this.#random.once(2) ? { amount: String(1 + this.#random.below(300)) } : {}
    return { path: `/v1/transfers/${transfer}/reverse`, body, reference }
  }

  #transaction(): object {
    const postings = Array.from({ length: 2 + this.#random.below(3) }, () => {
      const { debit_account: source, credit_account: destination, ...rest } = this.#movement()
      return { source, destination, ...rest }
    })
    return { postings }
  }

  #jsonBatch(): Asked {
    const commands = Array.from({ length: 1 + this.#random.below(8) }, () => this.#command())
    const body = { commands, atomic: this.#random.once(3) }
    if (this.#random.once(2)) return { path: '/v1/batches', body }
    const lines = commands.map((command) => `${JSON.stringify(command)}\n`).join('')
    const headers = { 'content-type': MediaType.ndjson }
    return { path: `/v1/batches?atomic=${body.atomic}`, body: lines, headers }
  }

  #command(): object {
    const hold = this.#holds.pick(this.#random)
    switch (this.#random.below(6)) {
      case 0:
        return { operation: 'create_hold', ...this.#hold() }
      case 1:
        if (hold !== undefined) return { operation: 'void_hold', hold }
        break
      case 2:
        if (hold !== undefined) return { operation: 'capture_hold', hold, amount: '5' }
        break
      default:
    }
    return { operation: 'create_transfer', ...this.#movement() }
  }

  /** A hold, its capture in the same batch, and a chain that stands or falls together. */
  #packedBatch(): Asked {
    const random = this.#random
    const hold = random.u128() | 1n
    const { linked, pending, postPendingTransfer } = PackedTransferFlags
    const commands: PackedCommand[] = [
      this.#packed({ id: hold, flags: pending, timeout: random.below(3) }),
      this.#packed({ flags: linked }),
      this.#packed({ flags: linked }),
      this.#packed({}),
      this.#packed({
        ...{ flags: postPendingTransfer, pendingId: hold, amount: BigInt(random.below(900)) },
        ...{ debitAccountId: 0n, creditAccountId: 0n, asset: 0, code: 0 },
      }),
    ]
    const body = packBatch(commands, { atomic: random.once(4) })
    return { path: '/v1/batches', body, headers: { 'content-type': MediaType.batch } }
  }

  #packed(more: Partial<Extract<PackedCommand, { pendingId: bigint }>>): PackedCommand {
    const { debit_account, credit_account, amount } = this.#movement()
    return {
      ...{ operation: PackedOperation.createTransfer, pendingId: 0n, effectiveAt: 0n, timeout: 0 },
      ...{ id: this.#random.u128() | 1n, asset: EURO, code: 1, flags: 0, amount: BigInt(amount) },
      debitAccountId: accountIdOf(debit_account),
      creditAccountId: accountIdOf(credit_account),
      metadata: new Uint8Array(0),
      ...more,
    }
  }

  #opening(name: string): Asked {
    const fresh = `${address(ACCOUNTS)}:${name}`
    if (this.#random.once(2)) {
      return { path: '/v1/accounts', body: { address: fresh, asset: 'EUR/2', metadata: { name } } }
    }
    const body = { ...this.#movement(), credit_account: fresh, open_missing: true }
    return { path: '/v1/transfers', body }
  }

  /** Account 7 is closed and opened again, account 3 has a credit line that comes and goes. */
  #change(): Asked {
    const random = this.#random
    if (random.once(3)) {
      const body = { limit: String(random.below(5) * 100), metadata: { line: random.below(9) } }
      return { method: 'PATCH', path: `/v1/accounts/${address(3)}`, body }
    }
    const change = random.once(3) ? 'close' : 'reopen'
    return { path: `/v1/accounts/${address(ACCOUNTS - 1)}/${change}`, body: {} }
  }
}

interface Asked {
  readonly method?: Ask['method']
  readonly path: string
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Named by a reference in place of a key. */
  readonly reference?: boolean
}

const claim = (shown: { readonly sequence: string; readonly status?: string }): Claim => ({
  sequence: BigInt(shown.sequence),
  created: (shown.status ?? 'created') === 'created',
})

/** Transfers that the answer places in the book. Captures and voids are placed by whoever knows their ids. */
export function claimsOf({ path, body, reply }: Ask): Claim[] {
  if (reply === undefined || reply.status >= 300) return []
  const { json, bytes, headers, text } = reply
  if (headers.get('content-type') === MediaType.batch) {
    const { statuses, firstSequence } = unpackBatchAnswer(bytes)
    return [...statuses].map((status, index) => {
      return { sequence: firstSequence + BigInt(index), created: status === 0 }
    })
  }
  if (path.startsWith('/v1/batches')) {
    const isLines = typeof body === 'string'
    const results = isLines ? text.trim().split('\n').slice(0, -1).map(parsed) : json.results
    return results.map(claim)
  }
  if (json.object === 'transaction') return json.transfers.map(claim)
  if (json.object === 'transfer') return [claim(json)]
  return json.object === 'hold' && json.transfer_id === undefined
    ? [claim({ sequence: json.sequence })]
    : []
}

/** Transfers that the request asks for, whatever becomes of them. */
export function transfersAsked({ path, body, headers }: Ask): number {
  if (headers['content-type'] === MediaType.batch) return PACKED_COMMANDS
  if (path.startsWith('/v1/batches')) {
    if (typeof body === 'string') return body.trim().split('\n').length
    return (body as { commands: unknown[] }).commands.length
  }
  if (path === '/v1/transactions') return (body as { postings: unknown[] }).postings.length
  return /^.v1.(transfers|holds)|increments$/.test(path) ? 1 : 0
}

const parsed = (line: string): { sequence: string; status: string } => JSON.parse(line)
