/** The way of a write: planned, given to the ledger, answered from what the book has of it. */
import {
  CONTRACT_VERSION,
  type CreateBatch,
  formatRequestId,
  headersRefusal,
  MediaType,
} from '@tallystick/contract'
import {
  type Command,
  EngineError,
  idempotencyKey,
  type Lane,
  type LedgerRequest,
  type LookUpKey,
  Operation,
  type Outcome,
  type PackedBatch,
  requestKey,
} from '@tallystick/engine'
import { COMMAND_SIZE, CommandField, packBatch, writeU128 } from '@tallystick/ledger'

import { CommandRights } from '../access/command-rights.ts'
import { forbidden } from '../access/door.ts'
import { neededApproval } from '../access/needed-approval.ts'
import { namesIds } from '../access/raw-ids.ts'
import { bytesOf } from '../http/body.ts'
import type { Exchange } from '../http/exchange.ts'
import { newId } from '../http/ids.ts'
import { allow, Refused } from '../http/refused.ts'
import { WRITES_IN_FLIGHT_MAX } from '../limits.ts'
import type { Answer } from '../render/answer.ts'
import { ndjsonOf } from '../render/batch-answer.ts'
import { readBody, writeBody } from '../saved-body.ts'
import type { Service } from '../service.ts'
import { waiting } from './approvals.ts'
import { aloneDigest, digestAsSent, digestFor, digestOfAsked, plainDigest } from './digest.ts'
import { renderOf } from './operations.ts'
import { MemoryPool, pack, unpack } from './pack.ts'
import type { ReceivedBatch } from './packed-batch.ts'
import { giveBack, PlainBatchReader } from './plain-batch.ts'
import { isPlainBatch, plainNames } from './plain-names.ts'
import type { Asked, Asking, Plan, PlannedApproval, Planning, WriteOperation } from './plan.ts'
import { privateOf } from './private-body.ts'
import { type AskedWrite, PrivateWrite } from './private-write.ts'

/** Nothing but plain transfers was ever in them. */
const plainTransfers = new MemoryPool(COMMAND_SIZE)
const MS = 1_000_000n
const NO_KEY = ''
const RAW_IDS = 'ids:raw'
const NO_KEYS: readonly LookUpKey[] = []
const NO_BODY = writeBody({})
const WITHOUT_BALANCES = writeBody({ balances: false })

/** How a write is to be done, from its headers and query. */
export interface Manner {
  readonly idempotencyKey: string
  readonly lane: Lane
  readonly dryRun: boolean
  readonly respondAsync: boolean
  /** The good answer as NDJSON. */
  readonly asLines: boolean
}

/** @throws Refused */
export function mannerOf(exchange: Exchange, query: { readonly dry_run?: boolean }): Manner {
  const key = exchange.header('idempotency-key')
  if (key !== undefined) allow(headersRefusal(exchange.id, { 'idempotency-key': key }))
  const prefer = exchange.header('prefer')
  return {
    idempotencyKey: key ?? NO_KEY,
    lane: laneOf(exchange.header('priority')) ?? exchange.route.lane,
    dryRun: query.dry_run === true,
    asLines: false,
    respondAsync: prefer !== undefined && /(^|,)\s*respond-async\s*(,|;|$)/i.test(prefer),
  }
}

/** RFC 9218: 0–3 go first. @throws Refused */
function laneOf(priority: string | undefined): Lane | undefined {
  if (priority === undefined) return undefined
  const [, urgency] = /(?:^|,)\s*u=(-?\d+)\s*(?:,|$)/.exec(priority) ?? []
  if (urgency === undefined) return undefined
  if (!/^[0-7]$/.test(urgency)) {
    const detail = 'priority has an urgency from u=0 to u=7.'
    throw new Refused({ code: 'invalid_header', param: 'priority', detail })
  }
  return Number(urgency) <= 3 ? 'interactive' : 'bulk'
}

export class Writer {
  readonly #service: Service
  readonly #planning: Planning
  readonly plainBatches: PlainBatchReader

  constructor(service: Service) {
    this.#service = service
    const { ledger, accounts, assets, allowCardNumbers } = service
    const { reader, access, rules } = ledger
    this.#planning = { reader, accounts, assets, allowCardNumbers, access, rules }
    this.plainBatches = new PlainBatchReader(plainNames(accounts, assets))
  }

  write(exchange: Exchange, operation: WriteOperation, asked: Asked, manner: Manner): void {
    const { allowCardNumbers } = this.#planning
    const given = privateOf(exchange.id, asked.body, allowCardNumbers)
    if (given.length === 0) return this.#write(exchange, operation, asked, manner)
    const privacy = new PrivateWrite(this.#service, exchange, asked, given)
    const plan = privacy.preview((trial) =>
      operation.plan(this.#planning, askingOf(exchange, manner), trial),
    )
    const kept = privacy.keep(this.#keysOf(exchange, manner, plan.keys), manner.dryRun)
    privacy.guard(() => this.#write(exchange, operation, kept, manner))
  }

  #write(exchange: Exchange, operation: WriteOperation, asked: AskedWrite, manner: Manner): void {
    const { inFlight, metrics } = this.#service
    if (metrics.writesInFlight >= WRITES_IN_FLIGHT_MAX) throw overloaded()
    const plan = this.#planOf(exchange, operation, asked, manner)
    if (inFlight.isBusy(plan.touches)) {
      inFlight.wait(() => {
        try {
          this.#write(exchange, operation, asked, manner)
        } catch (error) {
          asked.ended?.()
          exchange.fail(error)
        }
      })
      return
    }
    const digest = this.#digest(exchange, asked, plan, manner)
    const packed = pack(plan.commands)
    const { batch } = packed
    exchange.asked = asked
    const { commitments } = asked
    const body = writeBody(
      commitments === undefined ? plan.body : { ...plan.body, private: commitments },
    )
    const { keys, approval } = plan
    const request = this.#request(exchange, manner, { digest, batch, keys, body, approval })
    this.#tellOfLimits(plan)
    inFlight.begin(plan.touches)
    this.#submit(exchange, request, {
      ended: () => {
        unpack(packed)
        inFlight.end(plan.touches)
        asked.ended?.()
      },
      answer: (outcome) => this.#answer(exchange, outcome, manner, plan.secret),
    })
  }

  /** As it was asked for; or, where a policy has a second person approve it, what waits in its place. */
  // oxlint-disable-next-line max-params -- as `write` has them
  #planOf(exchange: Exchange, operation: WriteOperation, asked: AskedWrite, manner: Manner): Plan {
    const asking = askingOf(exchange, manner)
    const plan = operation.plan(this.#planning, asking, asked)
    const { approvals } = this.#planning.access
    if (plan.approval !== undefined) assertForItself(exchange)
    if (!approvals.hasPolicies || manner.dryRun || plan.approval !== undefined) return plan
    // What cannot wait is refused where its rights are looked at.
    if (exchange.id === 'createBatch' || asked.commitments !== undefined) return plan
    const needed = neededApproval(this.#planning, packBatch(plan.commands), selfOf(exchange))
    if (needed === undefined) return plan
    assertForItself(exchange)
    return waiting(plan, asking, { needed, operation: exchange.route.number })
  }

  /** A batch of plain transfers, packed while it was read: there is nothing to plan, and nothing to wait for. */
  writePlain(exchange: Exchange, manner: Manner, batch: PackedBatch, balances: boolean): void {
    if (this.#service.metrics.writesInFlight >= WRITES_IN_FLIGHT_MAX) throw overloaded()
    const digest =
      manner.idempotencyKey === NO_KEY
        ? digestAsSent(bytesOf(exchange.request.body))
        : plainDigest(batch, balances)
    const body = balances ? NO_BODY : WITHOUT_BALANCES
    const request = this.#request(exchange, manner, { digest, batch, keys: NO_KEYS, body })
    this.#submit(exchange, request, {
      ended: () => giveBack(batch),
      answer: (outcome) => this.#answer(exchange, outcome, manner),
    })
  }

  /** A plain transfer that stands alone, if the body is one. @returns false: it is left to the general way. */
  writeAlone(exchange: Exchange, manner: Manner): boolean {
    const body = bytesOf(exchange.request.body)
    const memory = plainTransfers.take()
    if (!this.plainBatches.readAlone(body, memory)) {
      plainTransfers.give(memory)
      return false
    }
    if (this.#service.metrics.writesInFlight >= WRITES_IN_FLIGHT_MAX) throw overloaded()
    const digest = aloneDigest(body, this.plainBatches.places)
    writeU128(memory, CommandField.id, newId(exchange.nowMs))
    const batch = { memory, count: 1, dataOffset: COMMAND_SIZE, dataLength: 0 }
    const request = this.#request(exchange, manner, { digest, batch, keys: NO_KEYS, body: NO_BODY })
    this.#submit(exchange, request, {
      ended: () => plainTransfers.give(memory),
      answer: (outcome) => this.#answer(exchange, outcome, manner),
    })
    return true
  }

  #digest(exchange: Exchange, asked: AskedWrite, plan: Plan, manner: Manner): Uint8Array {
    const { id } = exchange
    // A digest of private data as it was sent would let a guess be tested.
    if (asked.commitments !== undefined) return digestOfAsked(id, asked)
    const isKeyed = manner.idempotencyKey !== NO_KEY || plan.keys.length > 0
    if (id === 'createBatch' && isKeyed && isPlainBatch(asked.body as CreateBatch)) {
      const { balances } = asked.body as { balances: boolean }
      return plainDigest(packBatch(plan.commands.filter(isTransfer)), balances)
    }
    return id === 'createBatch' && !isKeyed
      ? digestAsSent(bytesOf(exchange.request.body))
      : digestOfAsked(id, asked)
  }

  #request(
    exchange: Exchange,
    { idempotencyKey: key, lane, dryRun }: Manner,
    parts: {
      readonly digest: Uint8Array
      readonly batch: PackedBatch
      readonly keys: readonly LookUpKey[]
      readonly body: Uint8Array
      readonly approval?: PlannedApproval | undefined
    },
  ): LedgerRequest {
    const { principal, requestId } = exchange
    const { batch, approval } = parts
    const assert = (): void => this.#assertMay(exchange, { batch, approval, dryRun })
    assert()
    const { name: owner = '', initiator = '' } = principal ?? {}
    const keys = [
      ...this.#keysOf(exchange, { idempotencyKey: key }, parts.keys),
      requestKey(requestId),
    ]
    return {
      operation: exchange.route.number,
      contractVersion: CONTRACT_VERSION,
      requestId,
      digest: initiator === '' ? parts.digest : digestFor(initiator, parts.digest),
      receivedAt: BigInt(exchange.nowMs) * MS,
      principal: owner,
      keyId: principal?.keyId ?? '',
      source: exchange.from,
      idempotencyKey: key,
      initiator,
      body: parts.body,
      batch: parts.batch,
      keys,
      lane,
      dryRun,
      mayStill: principal === undefined ? undefined : this.#mayStill(exchange, assert),
    }
  }

  /** Whether whoever asks may, and needs nobody else to. @throws Refused */
  #assertMay(
    exchange: Exchange,
    asked: { batch: PackedBatch; approval: PlannedApproval | undefined; dryRun: boolean },
  ): void {
    const { batch, approval, dryRun } = asked
    switch (approval?.kind) {
      case undefined:
        this.#assertRights(exchange, batch)
        if (!dryRun) this.#assertAlone(exchange, batch)
        return
      case 'waits':
        return this.#assertRights(exchange, packBatch(approval.commands))
      case 'carried_out':
        return this.#assertRightsOf(approval.by, packBatch(approval.commands))
      case 'refused':
    }
  }

  /** @throws Refused when a second person has to approve it */
  #assertAlone(exchange: Exchange, batch: PackedBatch): void {
    const needed = neededApproval(this.#planning, batch, selfOf(exchange))
    if (needed === undefined) return
    const detail = `A second person has to approve this (${needed.action}): send it alone, and it waits.`
    throw new Refused({ code: 'needs_approval', detail })
  }

  /** What is carried out for somebody has to be his to ask for, still. @throws Refused */
  #assertRightsOf(name: string, batch: PackedBatch): void {
    const { access } = this.#service.ledger
    if (access.principal(name) === undefined && !access.hasAdministrator) return
    new CommandRights(this.#service, access.rightsOf(name), { batch, asked: undefined }).assert()
  }

  /** @throws Refused */
  #assertRights(exchange: Exchange, batch: PackedBatch): void {
    const { principal, asked, id } = exchange
    const rights = principal?.rights
    if (rights === undefined) return
    const isPacked = id === 'createBatch' && asked === undefined
    if (!rights.has(RAW_IDS) && (isPacked || namesIds(asked))) {
      throw forbidden(`An id of one's own needs the right ${RAW_IDS}; a reference needs none.`)
    }
    new CommandRights(this.#service, rights, { batch, asked }).assert()
  }

  /** What was allowed is looked at again only when rights have changed since. */
  #mayStill(exchange: Exchange, assert: () => void): () => boolean {
    const { access } = this.#service.ledger
    return () => {
      const { principal } = exchange
      if (principal === undefined || principal.version === access.version) return true
      const again = this.#service.door.again(principal)
      if (again === undefined) return false
      exchange.principal = again
      try {
        assert()
        return true
      } catch {
        return false
      }
    }
  }

  /** Under which the request happens once. */
  #keysOf(
    { principal }: Exchange,
    { idempotencyKey: key }: Pick<Manner, 'idempotencyKey'>,
    keys: readonly LookUpKey[],
  ): readonly LookUpKey[] {
    return key === NO_KEY ? keys : [idempotencyKey(principal?.name ?? '', key), ...keys]
  }

  /** A packed batch: no plan, the commands are as they came. */
  requestOf(
    exchange: Exchange,
    manner: Manner,
    parts: { digest: Uint8Array; batch: PackedBatch },
  ): LedgerRequest {
    return this.#request(exchange, manner, { ...parts, keys: [], body: writeBody({}) })
  }

  /** What it touches is waited for and registered as with every other write. */
  submitPacked(
    exchange: Exchange,
    request: LedgerRequest,
    { touches, changedLimits }: ReceivedBatch,
    answer: (outcome: Outcome) => void,
  ): void {
    const { inFlight, metrics, book } = this.#service
    if (metrics.writesInFlight >= WRITES_IN_FLIGHT_MAX) throw overloaded()
    if (inFlight.isBusy(touches)) {
      const batch = { touches, changedLimits, batch: request.batch }
      inFlight.wait(() => this.submitPacked(exchange, request, batch, answer))
      return
    }
    for (const account of changedLimits) book.limits.willChange(account)
    inFlight.begin(touches)
    const ended = (): void => {
      inFlight.end(touches)
      exchange.endBody()
    }
    this.#submit(exchange, request, { ended, answer })
  }

  #submit(
    exchange: Exchange,
    request: LedgerRequest,
    then: { readonly ended: () => void; readonly answer: (outcome: Outcome) => void },
  ): void {
    const { ledger, metrics } = this.#service
    metrics.writesInFlight++
    ledger.submit(request, (outcome) => {
      metrics.writesInFlight--
      try {
        if (outcome instanceof EngineError) exchange.fail(outcome)
        else then.answer(outcome)
      } catch (cause) {
        // It is decided, whatever is wrong with the answer: never a refusal.
        exchange.fail(new Error('the answer could not be made', { cause }))
      } finally {
        then.ended()
      }
    })
  }

  #tellOfLimits({ commands }: Plan): void {
    for (const command of commands) {
      if (command.operation === Operation.changeLimit)
        this.#service.book.limits.willChange(command.id)
    }
  }

  // oxlint-disable-next-line max-params -- only new keys have a secret
  #answer(
    exchange: Exchange,
    outcome: Outcome,
    { respondAsync, asLines }: Manner,
    secret?: string,
  ): void {
    const requestId = outcome.replayed
      ? formatRequestId(outcome.saved.requestId)
      : exchange.requestIdText
    // A receipt would leave the secret with nobody.
    const isReceipt = respondAsync && secret === undefined
    if (isReceipt && !outcome.dryRun) return this.receipt(exchange, outcome, requestId)
    const answer = this.render(outcome, requestId)
    const headers = this.headersOf(outcome)
    if (answer.problem !== undefined) {
      exchange.problemOf(answer.problem, requestId, headers)
      return
    }
    if (asLines) {
      headers['content-type'] = MediaType.ndjson
      return exchange.answer(answer.status, ndjsonOf(answer.text), headers)
    }
    if (answer.location !== undefined) headers['location'] = answer.location
    const isFirst = secret !== undefined && !outcome.replayed && !outcome.dryRun
    const text = isFirst ? withSecret(answer, secret) : answer.text
    exchange.answerJson(answer.status, text, headers)
  }

  /** The same for a first answer and for one that is given again. */
  render(outcome: Outcome, requestId: string): Answer {
    const { operation, body } = outcome.saved
    const render = renderOf(operation)
    if (render === undefined) throw new Error(`no answer is made for operation ${operation}`)
    return render(this.#service.book, outcome, { requestId, body: readBody(body) })
  }

  headersOf(outcome: Outcome): Record<string, string> {
    const seen = outcome.dryRun
      ? outcome.firstSequence - 1
      : outcome.firstSequence + outcome.count - 1
    const headers: Record<string, string> = { 'ledger-sequence': this.#service.tokens.write(seen) }
    if (outcome.replayed) {
      headers['idempotent-replayed'] = 'true'
      this.#service.metrics.replays++
    }
    return headers
  }

  receipt(exchange: Exchange, outcome: Outcome, requestId: string): void {
    const text = `{"object":"request","id":"${requestId}","status":"pending"}`
    const location = `/v1/requests/${requestId}`
    exchange.answerJson(202, text, {
      ...this.headersOf(outcome),
      location,
      'preference-applied': 'respond-async',
    })
  }
}

/** Whose own things are nobody else's affair; '': what is asked for another is not. */
function selfOf({ principal }: Exchange): string {
  return principal?.initiator === undefined ? (principal?.name ?? '') : ''
}

/** @throws Refused when it is on behalf of another: one could ask through a program, and approve it himself. */
function assertForItself({ principal }: Exchange): void {
  if (principal?.initiator === undefined) return
  const detail =
    'What needs a second person is asked for and decided by each for himself, not on behalf of another.'
  throw new Refused({ code: 'needs_approval', detail })
}

function askingOf(exchange: Exchange, manner: Manner): Asking {
  return {
    owner: exchange.principal?.name ?? '',
    nowMs: exchange.nowMs,
    hasIdempotencyKey: manner.idempotencyKey !== NO_KEY,
    requestId: () => exchange.requestIdText,
  }
}

/** Of a key that waits for a second person there is nothing yet that it could stand in. */
function withSecret({ status, text }: Answer & { problem?: undefined }, secret: string): string {
  if (status === 202) return `${text.slice(0, -1)},"secret":"${secret}"}`
  return text.replace('"secret":null', `"secret":"${secret}"`)
}

/** Not one of the accounts that the plan opens on the way: whether it has to depends on the day. */
function isTransfer({ operation }: Command): boolean {
  return operation === Operation.createTransfer
}

function overloaded(): Refused {
  const detail = `${WRITES_IN_FLIGHT_MAX} writes wait already; nothing was decided.`
  return new Refused({ code: 'overloaded', detail })
}
