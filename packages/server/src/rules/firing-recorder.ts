/** Puts firings on record, in their order, each once: what is on record already the ledger refuses. With them goes what the rule does. */
import { hash } from 'node:crypto'

import { canonicalJson } from '@tallystick/contract'
import { type Clock, type Command, EngineError, type TallyLedger } from '@tallystick/engine'
import { Operation, RuleStatus, TransferFlags, TransferStatus } from '@tallystick/ledger'
import { encodeRuleCommand, isAfter, newestOf } from '@tallystick/rules'

import { RULE_FIRINGS_AT_ONCE, RULE_RETRY_MS } from '../limits.ts'
import { askLedger } from './ask-ledger.ts'
import type { FiringFacts } from './rule-source.ts'

/** Of holds that freeze an account. */
const FREEZE_CODE = 1
const { pending, closingDebit } = TransferFlags

interface RecorderOptions {
  readonly ledger: TallyLedger
  readonly clock: Clock
  /** For an operator: what went wrong; it is tried again. */
  readonly onNote: (note: string) => void
}

export class FiringRecorder {
  readonly #options: RecorderOptions
  #waiting: FiringFacts[] = []
  #isBusy = false
  #hasEnded = false
  #timer: NodeJS.Timeout | undefined
  /** Holds that froze an account, and those that could not. */
  frozen = 0
  notFrozen = 0
  #lastTrouble = ''

  constructor(options: RecorderOptions) {
    this.#options = options
  }

  get waiting(): number {
    return this.#waiting.length
  }

  record(firings: readonly FiringFacts[]): void {
    const { last } = this.#options.ledger.rules
    this.#waiting.push(...firings.filter((firing) => isAfter(firing, last)))
    this.#next()
  }

  close(): void {
    this.#hasEnded = true
    clearTimeout(this.#timer)
    this.#waiting = []
  }

  #next(): void {
    if (this.#isBusy || this.#hasEnded || this.#waiting.length === 0) return
    this.#isBusy = true
    this.#write(this.#waiting.slice(0, RULE_FIRINGS_AT_ONCE))
      .then(() => this.#next())
      .catch((error: unknown) => this.#later(error))
  }

  /** Whatever came of it, it is asked again: what was recorded is refused. */
  #later(error: unknown): void {
    this.#isBusy = false
    if (this.#hasEnded) return
    const trouble = error instanceof EngineError ? error.code : String(error)
    if (trouble !== this.#lastTrouble)
      this.#options.onNote(`a firing waits to be recorded: ${trouble}`)
    this.#lastTrouble = trouble
    this.#timer = setTimeout(() => this.#next(), RULE_RETRY_MS)
  }

  async #write(firings: readonly FiringFacts[]): Promise<void> {
    const commands = firings.flatMap((firing) => this.#commandsOf(firing))
    const statuses = await askLedger(this.#options, commands)
    for (const [index, status] of statuses.entries()) {
      if (commands[index]?.operation === Operation.rule) this.#recorded(status)
      else if (status === TransferStatus.created) this.frozen++
      else if (status !== TransferStatus.exists) this.notFrozen++
    }
    this.#waiting.splice(0, firings.length)
    this.#isBusy = false
    this.#lastTrouble = ''
  }

  #recorded(status: number): void {
    const isThere = status === RuleStatus.changed || status === RuleStatus.firingAlreadyRecorded
    if (!isThere)
      this.#options.onNote(`the ledger refused the record of a firing: status ${status}`)
  }

  #commandsOf(firing: FiringFacts): Command[] {
    const id = firingId(firing)
    const freeze = firing.action === 'freeze' ? this.#freezeOf(firing, id) : undefined
    const { rule, version, kind, sequence, ordinal, account, counterparty, suppressed } = firing
    const statement = encodeRuleCommand({
      ...{ rules: 'fire', firing: hexOf(id), rule, version, kind, sequence, ordinal },
      ...{ time: String(firing.time), account, counterparty, suppressed },
      ...{ value: String(firing.value), bound: String(firing.bound), hold: firing.hold ?? null },
      freeze: freeze === undefined ? null : hexOf(id),
    })
    const fire = { operation: Operation.rule, flags: 0, statement }
    return freeze === undefined ? [fire] : [fire, freeze]
  }

  /** A hold of nothing that closes the account as long as it is open. */
  #freezeOf({ slot, counterpartySlot, rule, version }: FiringFacts, id: bigint): Command {
    const { reader, rules } = this.#options.ledger
    const account = reader.accountBySlot(slot)
    const other = reader.accountBySlot(counterpartySlot)
    if (account === undefined || other === undefined) throw new Error('a firing names no account')
    const known = rules.rule(rule)
    const owner = known === undefined ? null : newestOf(known).owner
    const why = { frozen_by_rule: rule, version, owner, firing: hexOf(id) }
    return {
      ...{ operation: Operation.createTransfer, id, flags: pending | closingDebit },
      ...{ debitAccountId: account.id, creditAccountId: other.id, amount: 0n, pendingId: 0n },
      ...{ timeout: 0, asset: account.asset, code: FREEZE_CODE, effectiveAt: 0n },
      metadata: Buffer.from(canonicalJson(why)),
    }
  }
}

/** 128 bits: the same firing has the same id wherever and whenever it is found. */
function firingId({ rule, version, sequence, ordinal, account }: FiringFacts): bigint {
  const text = ['tallystick/firing/v1', rule, version, sequence, ordinal, account].join('\n')
  return BigInt(`0x${hash('sha256', text, 'hex').slice(0, 32)}`)
}

function hexOf(id: bigint): string {
  return id.toString(16).padStart(32, '0')
}
