/** Batches: many commands in one request, each as its own route takes it. */
import {
  ATOMIC_COMMANDS_MAX,
  BATCH_COMMANDS_MAX,
  type BatchCommand,
  type CreateBatch,
  parseId,
} from '@tallystick/contract'
import { accountIdOf, type Command, Operation } from '@tallystick/engine'

import { Refused, within } from '../http/refused.ts'
import { batchAnswer } from '../render/batch-answer.ts'
import type { SavedBody, SavedTransaction } from '../saved-body.ts'
import { assetPlan, booksPlan, changePlan, newAccountPlan } from './accounts.ts'
import { holdMovement, resolvingPart } from './holds.ts'
import { Openings } from './openings.ts'
import { type Asking, chain, type Plan, type Planning, type WriteOperation } from './plan.ts'
import { transactionPart } from './transactions.ts'
import { movementPart, type Part, reversalPart } from './transfers.ts'

interface AskedBatch extends CreateBatch {
  /** Whether the answer shows them. */
  readonly balances: boolean
}

export const createBatch: WriteOperation = {
  plan: (planning, asking, { body }) =>
    new BatchPlanner(planning, asking, body as AskedBatch).plan(),
  render: batchAnswer,
}

class BatchPlanner {
  readonly #planning: Planning
  readonly #asking: Asking
  readonly #body: AskedBatch
  readonly #openings: Openings
  readonly #commands: Command[] = []
  readonly #spans: [number, number][] = []
  readonly #references: Record<string, string> = {}
  readonly #transactions: SavedTransaction[] = []
  readonly #touches: bigint[] = []
  /** Spans that are not one command without openings. */
  #uneven = 0
  #assets = 0

  constructor(planning: Planning, asking: Asking, body: AskedBatch) {
    this.#planning = planning
    // Every command of a batch is repeated with the whole of it: its own key is the batch's.
    this.#asking = asking
    this.#body = body
    this.#openings = new Openings(planning)
  }

  plan(): Plan {
    const { commands, atomic = false, balances } = this.#body
    commands.forEach((command, index) => this.#add(command, index))
    this.#assertSize(atomic)
    const saved: SavedBody = {
      ...(atomic ? { atomic } : undefined),
      ...(balances ? undefined : { balances }),
      ...(this.#uneven > 0 ? { spans: this.#spans } : undefined),
      ...(Object.keys(this.#references).length > 0 ? { references: this.#references } : undefined),
      ...(this.#transactions.length > 0 ? { transactions: this.#transactions } : undefined),
    }
    return {
      commands: atomic ? chain(this.#commands) : this.#commands,
      body: saved,
      touches: [...this.#openings.ids, ...this.#touches],
      keys: [],
    }
  }

  #add(command: BatchCommand, index: number): void {
    const part = within('commands', index, () => this.#part(command))
    // On their own, so that a refused command does not take back what later ones rely on.
    const opened = this.#openings.take()
    this.#commands.push(...opened)
    const first = this.#commands.length
    const { reference } = part.saved
    if (reference !== undefined) this.#references[first] = reference
    if ('transaction' in part) this.#transactions.push({ ...part.transaction, at: first })
    this.#commands.push(...chain(part.commands))
    this.#spans.push([opened.length, part.commands.length])
    if (opened.length > 0 || part.commands.length !== 1) this.#uneven++
  }

  #part(command: BatchCommand): Part & { transaction?: SavedTransaction } {
    const planning = this.#planning
    const asking = this.#asking
    switch (command.operation) {
      case 'create_transfer':
        return movementPart(planning, asking, this.#openings, command, 'transfer')
      case 'create_hold': {
        const { operation, ...hold } = command
        void operation
        const movement = holdMovement(hold)
        return movementPart(planning, asking, this.#openings, movement, 'hold')
      }
      case 'create_transaction':
        return transactionPart(planning, asking, this.#openings, command)
      case 'reverse_transfer': {
        const of = parseId(command.transfer) ?? 0n
        return reversalPart(planning, asking, { of, body: command })
      }
      case 'capture_hold':
        return resolvingPart(planning, asking, {
          ...{ hold: parseId(command.hold) ?? 0n, body: command, kind: 'capture' },
        })
      case 'void_hold':
        return resolvingPart(planning, asking, {
          ...{ hold: parseId(command.hold) ?? 0n, body: command, kind: 'void' },
        })
      default:
        return this.#other(command)
    }
  }

  #other(
    command: Extract<
      BatchCommand,
      {
        operation:
          | 'create_account'
          | 'change_account'
          | 'close_account'
          | 'reopen_account'
          | 'register_asset'
          | 'close_books'
      }
    >,
  ): Part {
    const planning = this.#planning
    switch (command.operation) {
      case 'create_account': {
        const plan = newAccountPlan(planning, command)
        this.#openings.willExist(accountIdOf(command.address))
        return partOf(plan)
      }
      case 'change_account':
        return this.#touching(changePlan(planning, accountIdOf(command.account), command))
      case 'close_account':
        return this.#closure(command.account, Operation.closeAccount)
      case 'reopen_account':
        return this.#closure(command.account, Operation.reopenAccount)
      case 'register_asset':
        return this.#touching(assetPlan(planning, command, this.#assets++))
      case 'close_books':
        return partOf(booksPlan(planning, command))
    }
  }

  #closure(
    account: string,
    operation: typeof Operation.closeAccount | typeof Operation.reopenAccount,
  ): Part {
    const id = accountIdOf(account)
    this.#touches.push(id)
    return { commands: [{ operation, id, flags: 0 }], saved: {}, keys: [] }
  }

  #touching(plan: Plan): Part {
    this.#touches.push(...plan.touches)
    return partOf(plan)
  }

  #assertSize(atomic: boolean): void {
    const max = atomic ? ATOMIC_COMMANDS_MAX : BATCH_COMMANDS_MAX
    const count = this.#commands.length
    if (count <= max) return
    const kind = atomic ? 'an atomic batch' : 'a batch'
    const detail = `${count} commands, transactions taken apart and accounts to open included; ${kind} has at most ${max}.`
    throw new Refused({ code: 'batch_too_large', param: 'commands', detail, limit: String(max) })
  }
}

function partOf({ commands, keys }: Plan): Part {
  return { commands, saved: {}, keys }
}
