/**
 * Whether a caller may ask for the commands of a batch. The packed form is what is looked at, since every write comes to it, however it
 * was sent; and it is looked at again right before it is decided when rights have changed in between.
 */
import type { Rights } from '@tallystick/access'
import type { Scope } from '@tallystick/contract'
import { accountIdOf, Operation, type PackedBatch } from '@tallystick/engine'
import {
  AccountFlags,
  COMMAND_SIZE,
  CommandField,
  readU128,
  TransferFlags,
  unpackCommand,
} from '@tallystick/ledger'

import { decodeRuleCommand, newestOf } from '@tallystick/rules'

import { notFound, type Refused, unseen } from '../http/refused.ts'
import type { Service } from '../service.ts'
import { forbidden } from './door.ts'
import { assertRule, reachesRule } from './rule-rights.ts'

const HALF = COMMAND_SIZE >>> 1
const RESOLVES = TransferFlags.postPendingTransfer | TransferFlags.voidPendingTransfer
const CLOSES = TransferFlags.closingDebit | TransferFlags.closingCredit
/** Addresses of one caller's rights that are remembered. */
const KNOWN_MAX = 65_536
const ADDRESS = /^[A-Za-z0-9_.-]{1,64}(:[A-Za-z0-9_.-]{1,64}){0,15}$/

/** Accounts that rights were seen to reach. An account keeps its address, so this holds as long as the rights do. */
interface Seen {
  readonly debit: Set<bigint>
  readonly credit: Set<bigint>
}

const seenBy = new WeakMap<Rights, Seen>()

export class CommandRights {
  readonly #service: Pick<Service, 'ledger'>
  readonly #rights: Rights
  readonly #batch: PackedBatch
  readonly #asked: unknown
  readonly #seen: Seen
  #names: Map<bigint, string> | undefined

  /** @param asked path and body as they were sent: the names of accounts that there are not. */
  constructor(
    service: Pick<Service, 'ledger'>,
    rights: Rights,
    { batch, asked }: { readonly batch: PackedBatch; readonly asked: unknown },
  ) {
    this.#service = service
    this.#rights = rights
    this.#batch = batch
    this.#asked = asked
    this.#seen = seenBy.get(rights) ?? { debit: new Set(), credit: new Set() }
    seenBy.set(rights, this.#seen)
  }

  /** @throws Refused 403; 404 for a hold or transfer that the caller may not see, whether it is there or not */
  assert(): void {
    const { memory, count } = this.#batch
    for (let index = 0; index < count; index++) {
      const operation = memory.u8[index * COMMAND_SIZE + CommandField.operation]
      if (operation === Operation.createTransfer) this.#transfer(index)
      else this.#other(index)
    }
  }

  #transfer(index: number): void {
    const { memory } = this.#batch
    const at = index * COMMAND_SIZE
    const flags = memory.u16[index * HALF + (CommandField.flags >>> 1)] ?? 0
    if ((flags & RESOLVES) !== 0) return this.#resolution(at)
    if ((flags & TransferFlags.reversal) !== 0) return this.#reversal(at)
    const debit = readU128(memory, at + CommandField.debitAccountId)
    const credit = readU128(memory, at + CommandField.creditAccountId)
    if (!this.#seen.debit.has(debit)) this.#side(debit, 'debit')
    if (!this.#seen.credit.has(credit)) this.#side(credit, 'credit')
    if ((flags & TransferFlags.pending) !== 0) this.#need('holds:write', this.#addressOf(debit))
    if ((flags & CLOSES) === 0) return
    this.#need('accounts:write', this.#addressOf(debit))
    this.#need('accounts:write', this.#addressOf(credit))
  }

  #side(id: bigint, side: 'debit' | 'credit'): void {
    const address = this.#addressOf(id)
    this.#needMove(`transfers:${side}`, address)
    if (address === undefined || this.#names?.has(id) === true) return
    const seen = this.#seen[side]
    if (seen.size < KNOWN_MAX) seen.add(id)
  }

  /** Money enters and leaves the books at `world`: a right of its own, whatever else reaches it. */
  #needMove(scope: Scope, address: string | undefined): void {
    const isWorld = address === 'world' || address?.startsWith('world:') === true
    this.#need(isWorld ? 'money:issue' : scope, address)
  }

  #resolution(at: number): void {
    const sides = this.#sidesOf(readU128(this.#batch.memory, at + CommandField.pendingId))
    if (sides === undefined) return this.#unseen('hold', 'holds:write')
    if (this.#maySee(sides)) return this.#need('holds:write', sides.debit)
    this.#unseen('hold', undefined)
  }

  #reversal(at: number): void {
    const sides = this.#sidesOf(readU128(this.#batch.memory, at + CommandField.pendingId))
    if (sides === undefined) return this.#unseen('transfer', 'transfers:reverse')
    if (!this.#maySee(sides)) return this.#unseen('transfer', undefined)
    this.#needMove('transfers:reverse', sides.debit)
    this.#needMove('transfers:reverse', sides.credit)
  }

  /** What nobody has: the ledger says so to those who see everything, and nothing is told to others. */
  #unseen(what: string, scope: Scope | undefined): void {
    if (scope !== undefined && this.#rights.hasEverywhere(scope)) return
    unseen(what, 'id')
  }

  #maySee({ debit, credit }: Sides): boolean {
    return sees(this.#rights, debit) || sees(this.#rights, credit)
  }

  #sidesOf(id: bigint): Sides | undefined {
    const view = this.#service.ledger.reader.transfer(id)
    const pair = view ?? this.#createdHere(id)
    if (pair === undefined) return undefined
    const debit = this.#addressOf(pair.debitAccountId)
    const credit = this.#addressOf(pair.creditAccountId)
    return { debit, credit }
  }

  /** A hold may be made and captured in one batch. */
  #createdHere(id: bigint): { debitAccountId: bigint; creditAccountId: bigint } | undefined {
    const { memory, count } = this.#batch
    for (let index = 0; index < count; index++) {
      const at = index * COMMAND_SIZE
      if (memory.u8[at + CommandField.operation] !== Operation.createTransfer) continue
      if (readU128(memory, at + CommandField.id) !== id) continue
      return {
        debitAccountId: readU128(memory, at + CommandField.debitAccountId),
        creditAccountId: readU128(memory, at + CommandField.creditAccountId),
      }
    }
    return undefined
  }

  #other(index: number): void {
    const command = unpackCommand(this.#batch, index)
    switch (command.operation) {
      case Operation.createAccount: {
        const { address, parent, flags, limit } = command
        // Under the id of another's name it would stand in that one's place.
        if (command.id !== accountIdOf(address)) this.#need('ids:raw', undefined)
        if (address === 'world' || address.startsWith('world:'))
          return this.#need('money:issue', address)
        this.#need('accounts:write', address)
        if (parent !== 0n) this.#need('accounts:write', this.#addressOf(parent))
        const isBounded = (flags & AccountFlags.debitsMustNotExceedCredits) !== 0 && limit === 0n
        return isBounded ? undefined : this.#need('accounts:unlimited', address)
      }
      case Operation.changeLimit:
        return this.#need('accounts:unlimited', this.#addressOf(command.id))
      case Operation.changeMetadata:
      case Operation.closeAccount:
      case Operation.reopenAccount:
        return this.#need('accounts:write', this.#addressOf(command.id))
      case Operation.registerAsset:
        return this.#need('assets:register', undefined)
      case Operation.closeBooks:
        return this.#need(
          'books:close',
          command.id === 0n ? undefined : this.#addressOf(command.id),
        )
      case Operation.createTransfer:
        return
      case Operation.attest:
      case Operation.control:
        return this.#need('keys:manage', undefined)
      case Operation.rule:
        return this.#rule(command.statement)
    }
  }

  /** A rule watches, and may freeze, what its owner has the rights on. What the rules did is said by the server alone. */
  #rule(statement: Uint8Array): void {
    const command = decodeRuleCommand(statement)
    if (command?.rules !== 'put' && command?.rules !== 'remove') {
      return this.#need('rules:manage', undefined)
    }
    // First what is the caller's to ask: the answer must not depend on whether a rule is there that it may not see.
    if (command.rules === 'put') assertRule(this.#rights, command.form)
    const known = this.#service.ledger.rules.rule(command.rule)
    if (known === undefined) return command.rules === 'put' ? undefined : notFound('rule', 'id')
    const { form } = newestOf(known)
    const isSeen = (['rules:read', 'rules:manage'] as const).some((scope) =>
      reachesRule(this.#rights, scope, form),
    )
    if (!isSeen) notFound('rule', 'id')
    assertRule(this.#rights, form)
  }

  /** @param address undefined: only a right on everything reaches it. @throws Refused 403 */
  #need(scope: Scope, address: string | undefined): void {
    const rights = this.#rights
    if (address === undefined ? rights.hasEverywhere(scope) : rights.hasAt(scope, address)) return
    throw missing(scope, address)
  }

  /** undefined: there is no such account, and nothing here names it. */
  #addressOf(id: bigint): string | undefined {
    const address = this.#service.ledger.reader.account(id)?.address
    if (address !== undefined && address !== '') return address
    this.#names ??= this.#named()
    return this.#names.get(id)
  }

  #named(): Map<bigint, string> {
    const names = new Map<bigint, string>()
    const { memory, count } = this.#batch
    for (let index = 0; index < count; index++) {
      const operation = memory.u8[index * COMMAND_SIZE + CommandField.operation]
      if (operation !== Operation.createAccount) continue
      const command = unpackCommand(this.#batch, index)
      if (command.operation === Operation.createAccount && command.address !== '') {
        names.set(command.id, command.address)
      }
    }
    for (const text of textsIn(this.#asked)) {
      if (ADDRESS.test(text)) names.set(accountIdOf(text), text)
    }
    return names
  }
}

interface Sides {
  readonly debit: string | undefined
  readonly credit: string | undefined
}

function sees(rights: Rights, address: string | undefined): boolean {
  return address !== undefined && rights.reaches(address)
}

function missing(scope: Scope, address: string | undefined): Refused {
  const where = address === undefined ? 'on all addresses' : `on ${address}`
  return forbidden(`This needs the right ${scope} ${where}.`)
}

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value
  else if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) yield* textsIn(inner)
  }
}
